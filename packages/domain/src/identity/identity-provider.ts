// What an identity provider says of a person, and what an organization lets follow from it: who is let in, who is made a
// member, which teams and which role their groups give. Pure: whether the provider really said so was settled before.
import type { TeamId } from '../ids.ts';
import type { RoleId } from './role.ts';

export interface ProviderRules {
  /** E-mail domains that this provider speaks for, in lower case. Without any, nobody is linked or created by e-mail. */
  readonly domains: readonly string[];
  readonly scopes: readonly string[];
  /** The claim with the groups; a path such as `realm_access.roles` where no claim has that very name. */
  readonly groupsClaim: string;
  /** Whoever signs in with an address of the domains for the first time becomes a member. */
  readonly createMembers: boolean;
  /** Whoever has an address of the domains and is a member already is linked by it. */
  readonly linkMembers: boolean;
  /** People cannot choose their own address there, so it counts without the provider saying that it was verified. */
  readonly trustEmails: boolean;
  /** Whoever comes from there has shown a second factor, whether the provider says so or not. */
  readonly trustSecondFactor: boolean;
  /** It may let AI clients in for its people, without their being asked. Not there in rules of before: no. */
  readonly letsClientsIn?: boolean;
  /** Of members that are created, and of those whom no group gives another. */
  readonly role: RoleId;
  readonly mappings: readonly GroupMapping[];
}

export interface GroupMapping {
  /** As the provider writes it; compared exactly. */
  readonly group: string;
  readonly team: TeamId | null;
  /** Of several that fit, the first one's role counts. */
  readonly role: RoleId | null;
}

/** What a provider says of one person at one sign-in. */
export interface Assertion {
  /** Stays the same for this person at this provider, and is nobody else's. */
  readonly subject: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string | null;
  /** `too-many` where the provider left them out for their number. */
  readonly groups: readonly string[] | 'too-many';
  /** The provider's own name of this sign-in, for ending it from there. */
  readonly session: string | null;
  readonly secondFactor: boolean;
}

const longestEmail = 320;
const longestName = 200;
const longestSubject = 255;
const longestSession = 500;
const longestGroup = 500;
const groupsAtMost = 2000;
const severalFactors = new Set([
  'phr',
  'phrh',
  'http://schemas.openid.net/pape/policies/2007/06/multi-factor',
  'https://refeds.org/profile/mfa',
]);

/** null where the claims name nobody. */
export function readAssertion(
  claims: Readonly<Record<string, unknown>>,
  rules: Pick<ProviderRules, 'groupsClaim'>,
): Assertion | null {
  const { sub } = claims;
  if (typeof sub !== 'string' || sub === '' || sub.length > longestSubject || sub.includes('\0')) return null;
  return {
    subject: sub,
    email: emailIn(claims['email']),
    // Some providers write the boolean as text.
    emailVerified: claims['email_verified'] === true || claims['email_verified'] === 'true',
    name: nameIn(claims),
    groups: groupsIn(claims, rules.groupsClaim),
    session: boundedText(claims['sid'], longestSession),
    secondFactor: saysSecondFactor(claims),
  };
}

/** The domain of an e-mail address, in lower case; null for what is no plain address. */
export function domainOf(email: string): string | null {
  const at = email.lastIndexOf('@');
  const domain = email.slice(at + 1).toLowerCase();
  return at > 0 && email.indexOf('@') === at && isDomain(domain) ? domain : null;
}

/** Plain ASCII: names in other scripts as `xn--`, so that none is mistaken for another. */
export function isDomain(text: string): boolean {
  return text.length <= 253 && /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(text);
}

/** What the address says about a stranger. `found` is the member who has it, in whichever organization. */
export type Welcome =
  | { readonly what: 'link' | 'create'; readonly email: string }
  | { readonly what: 'refuse'; readonly why: string };

export interface Found {
  /** Whether they belong to the provider's organization. */
  readonly isOurs: boolean;
  readonly isDisabled: boolean;
  /** Somebody at any provider already: an address alone gives them to nobody else. */
  readonly isLinked: boolean;
}

export function welcome(
  { email, emailVerified }: Pick<Assertion, 'email' | 'emailVerified'>,
  rules: ProviderRules,
  found: Found | null,
): Welcome {
  if (email === null) return refuse('The identity provider gave no e-mail address.');
  if (!emailVerified && !rules.trustEmails) {
    return refuse('The identity provider did not say that the e-mail address is verified.');
  }
  const domain = domainOf(email);
  if (domain === null || !rules.domains.includes(domain)) {
    return refuse('The e-mail address is not of a domain that this identity provider speaks for.');
  }
  if (found === null) {
    return rules.createMembers
      ? { what: 'create', email }
      : refuse('There is no member with this e-mail address, and none is made at sign-in.');
  }
  if (!found.isOurs || found.isDisabled) return refuse('This account cannot be used here.');
  if (found.isLinked) return refuse('The member with this e-mail address signs in as somebody else already.');
  if (!rules.linkMembers) return refuse('Members are not linked by their e-mail address here.');
  return { what: 'link', email };
}

export interface Given {
  /** null: the groups say nothing about roles. */
  readonly role: RoleId | null;
  readonly join: readonly TeamId[];
  readonly leave: readonly TeamId[];
}

/** What the groups give. Only teams and roles that a mapping names are touched. */
export function givenBy(
  groups: readonly string[],
  { mappings, role }: Pick<ProviderRules, 'mappings' | 'role'>,
): Given {
  const held = new Set(groups);
  const fitting = mappings.filter(({ group }) => held.has(group));
  const join = new Set(fitting.flatMap(({ team }) => team ?? []));
  const leave = new Set(mappings.flatMap(({ team }) => (team === null || join.has(team) ? [] : team)));
  const speaksOfRoles = mappings.some((mapping) => mapping.role !== null);
  const first = fitting.find((mapping) => mapping.role !== null)?.role ?? role;
  return { role: speaksOfRoles ? first : null, join: [...join], leave: [...leave] };
}

function refuse(why: string): Welcome {
  return { what: 'refuse', why };
}

function emailIn(value: unknown): string | null {
  const text = boundedText(value, longestEmail)?.trim() ?? null;
  return text !== null && /^[^\s@<>"(),;:\\]+@[^\s@]+$/.test(text) && domainOf(text) !== null ? text : null;
}

function nameIn(claims: Readonly<Record<string, unknown>>): string | null {
  const whole = boundedText(claims['name'], longestName)?.trim();
  if (whole) return whole;
  const parts = [claims['given_name'], claims['family_name']].flatMap((part) => boundedText(part, 90)?.trim() || []);
  return parts.length === 0 ? null : parts.join(' ');
}

function groupsIn(claims: Readonly<Record<string, unknown>>, claim: string): Assertion['groups'] {
  const value = Object.hasOwn(claims, claim) ? claims[claim] : at(claims, claim.split('.'));
  if (value === undefined) {
    const elsewhere = claims['_claim_names'];
    const left = typeof elsewhere === 'object' && elsewhere !== null && Object.hasOwn(elsewhere, claim);
    return left ? 'too-many' : [];
  }
  const list = Array.isArray(value) ? value : [value];
  if (list.length > groupsAtMost) return 'too-many';
  return list.flatMap((group) => boundedText(group, longestGroup) ?? []);
}

function at(value: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return at((value as Readonly<Record<string, unknown>>)[name], rest);
}

function saysSecondFactor({ amr, acr }: Readonly<Record<string, unknown>>): boolean {
  return (Array.isArray(amr) && amr.includes('mfa')) || (typeof acr === 'string' && severalFactors.has(acr));
}

function boundedText(value: unknown, longest: number): string | null {
  if (typeof value !== 'string' || value === '' || value.length > longest) return null;
  return value.includes('\0') || !value.isWellFormed() ? null : value;
}
