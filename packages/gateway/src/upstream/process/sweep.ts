// Finds processes that an earlier life of this hub left behind. API first; the body follows.
/** Ends every process marked with this instance; resolves to how many there were. 0 where there is no /proc. */
export declare function sweep(instance: string): Promise<number>;
