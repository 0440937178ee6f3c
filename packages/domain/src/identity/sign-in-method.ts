/** What somebody signed in with: a one-time link stands for choosing a password with it. */
export type SignInMethod = 'password' | 'link' | 'passkey' | 'provider';
