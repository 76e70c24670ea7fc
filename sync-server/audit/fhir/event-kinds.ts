import { type Coding, coding } from "./codings.ts";

/** What a FHIR AuditEvent says of an action besides who did it when to whom. */
export interface EventKind {
  readonly type: Coding;
  readonly subtype?: Coding;
  /** Create, read, update, delete, execute. */
  readonly action: "C" | "R" | "U" | "D" | "E";
  /** The profile of IHE BALP that a successful one follows: for one patient's data, and for other data. */
  readonly profile?: { readonly patient: string; readonly other?: string };
  /** The part that the person plays. */
  readonly user: Coding;
  readonly purpose?: Coding;
}

const balp = (name: string): string =>
  `https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.${name}`;

const restful = (action: "C" | "R" | "U", subtype: Coding, name: string): EventKind => ({
  type: coding.restful,
  subtype,
  action,
  profile: { patient: balp(`Patient${name}`), other: balp(name) },
  user: action === "R" ? coding.recipient : coding.author,
});
const human = (action: EventKind["action"], type: Coding, subtype?: Coding): EventKind => ({
  type,
  ...(subtype && { subtype }),
  action,
  user: coding.human,
});

/** The kinds of events of which {@link auditEvents} names one for each action. */
export const eventKinds = {
  create: restful("C", coding.create, "Create"),
  read: restful("R", coding.read, "Read"),
  update: restful("U", coding.update, "Update"),
  /** A copy is destroyed; the record itself stays. */
  purge: human("D", coding.applicationActivity, coding.destroy),
  login: human("E", coding.userAuthentication, coding.login),
  logout: human("E", coding.userAuthentication, coding.logout),
  authentication: human("E", coding.userAuthentication),
  denial: human("E", coding.securityAlert, coding.authorizationByRole),
  alert: human("E", coding.securityAlert),
  emergency: { ...human("E", coding.securityAlert, coding.emergencyOverride), purpose: coding.emergency },
  /** How somebody signs in. */
  account: human("U", coding.securityAlert, coding.userSecurity),
  roles: human("U", coding.securityAlert, coding.rolesChanged),
  /** Which devices and services may connect. */
  security: human("U", coding.securityAlert, coding.securityConfiguration),
  /** Who may open a chart. */
  restriction: human("U", coding.securityAlert, coding.objectSecurity),
  logUse: human("R", coding.auditLogUsed),
  print: human("R", coding.export),
  /** Given to the patient on paper. */
  disclosure: {
    type: coding.export,
    subtype: coding.disclose,
    action: "R",
    profile: { patient: balp("PrivacyDisclosure.Source") },
    user: coding.custodian,
    purpose: coding.patientRequest,
  },
  export: human("R", coding.export),
  import: human("C", coding.import),
  activity: human("E", coding.applicationActivity),
} as const satisfies Record<string, EventKind>;

export type EventKindName = keyof typeof eventKinds;
