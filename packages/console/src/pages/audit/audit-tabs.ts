/** The sections of the audit page, as they stand in the address; without one it shows what people did. */
export const auditTabs = ['calls', 'destinations', 'rules'] as const;

export type AuditTab = (typeof auditTabs)[number];
