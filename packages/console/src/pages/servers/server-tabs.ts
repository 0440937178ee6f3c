/** The sections of a server's page, as they stand in the address. */
export const serverTabs = ['tools', 'traffic', 'access', 'settings', 'logs'] as const;

export type ServerTab = (typeof serverTabs)[number];
