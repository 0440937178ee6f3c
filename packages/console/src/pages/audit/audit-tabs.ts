/** The sections of the audit page, as they stand in the address; without one it shows the first. */
export const auditTabs = ['changes', 'calls', 'destinations', 'rules'] as const;

export type AuditTab = (typeof auditTabs)[number];
