/** What somebody signed in with: a one-time link stands for choosing a password with it, a device for the sign-in that let it in. */
export type SignInMethod = 'password' | 'link' | 'passkey' | 'provider' | 'device';
