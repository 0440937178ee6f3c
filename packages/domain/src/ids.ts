// Ids are opaque, prefixed by what they name, and sort by the time they were made.

export type Id<Prefix extends string> = `${Prefix}_${string}`;

export type OrganizationId = Id<'org'>;
export type MemberId = Id<'mem'>;
export type TeamId = Id<'team'>;
export type TokenId = Id<'tok'>;
/** What an identity provider signs in with to provision members and teams. */
export type ProvisioningTokenId = Id<'prv'>;
/** One time of acting for somebody else. */
export type ImpersonationId = Id<'imp'>;
export type ServerId = Id<'srv'>;
export type ServerVersionId = Id<'ver'>;
export type GrantId = Id<'grt'>;
export type PolicyId = Id<'pol'>;
export type MessageId = Id<'msg'>;
/** One sign-in: a family of refresh tokens. */
export type SignInId = Id<'sin'>;
/** One authorization of an AI client by a member: a family of OAuth tokens. */
export type ConnectedClientId = Id<'ccl'>;
/** Where people of an organization prove who they are, such as its directory. */
export type IdentityProviderId = Id<'idp'>;
export type PasskeyId = Id<'pky'>;
/** What asks for a person’s yes to a held call. */
export type ApprovalId = Id<'apr'>;
export type AuditEntryId = Id<'aud'>;
/** Where audit events are sent. */
export type DestinationId = Id<'dst'>;
/** Where people are told of alerts. */
export type AlertRouteId = Id<'rte'>;
/** One conversation of a client with an endpoint. Never authenticates anything. */
export type ConversationId = Id<'con'>;
/** A computer of one member that runs the agent. */
export type WorkstationId = Id<'wst'>;
/** What a computer enrols with where nobody signs in. */
export type EnrolmentKeyId = Id<'wek'>;
/** One scan of a workstation, reported. */
export type ScanReportId = Id<'rep'>;
export type AgentJobId = Id<'job'>;
