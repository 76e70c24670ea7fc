/** A code of a code system, as FHIR R4 writes it. */
export interface Coding {
  readonly system: string;
  readonly code: string;
  readonly display?: string;
}

const dicom = (code: string, display: string): Coding => ({
  system: "http://dicom.nema.org/resources/ontology/DCM",
  code,
  display,
});
const rest = (code: string): Coding => ({
  system: "http://hl7.org/fhir/restful-interaction",
  code,
  display: code,
});
const lifecycle = (code: string, display: string): Coding => ({
  system: "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle",
  code,
  display,
});
const participation = (code: string, display: string): Coding => ({
  system: "http://terminology.hl7.org/CodeSystem/v3-ParticipationType",
  code,
  display,
});
const entityType = (code: string, display: string): Coding => ({
  system: "http://terminology.hl7.org/CodeSystem/audit-entity-type",
  code,
  display,
});
const objectRole = (code: string, display: string): Coding => ({
  system: "http://terminology.hl7.org/CodeSystem/object-role",
  code,
  display,
});
const actReason = (code: string, display: string): Coding => ({
  system: "http://terminology.hl7.org/CodeSystem/v3-ActReason",
  code,
  display,
});

/** The codes of the standards that an exported record uses. What JamEMR alone knows is in systems `urn:jamemr:…`. */
export const coding = {
  restful: {
    system: "http://terminology.hl7.org/CodeSystem/audit-event-type",
    code: "rest",
    display: "Restful Operation",
  },
  create: rest("create"),
  read: rest("read"),
  update: rest("update"),

  applicationActivity: dicom("110100", "Application Activity"),
  auditLogUsed: dicom("110101", "Audit Log Used"),
  export: dicom("110106", "Export"),
  import: dicom("110107", "Import"),
  securityAlert: dicom("110113", "Security Alert"),
  userAuthentication: dicom("110114", "User Authentication"),
  login: dicom("110122", "Login"),
  logout: dicom("110123", "Logout"),
  emergencyOverride: dicom("110127", "Emergency Override Started"),
  securityConfiguration: dicom("110129", "Security Configuration"),
  objectSecurity: dicom("110135", "Object Security Attributes Changed"),
  rolesChanged: dicom("110136", "Security Roles Changed"),
  userSecurity: dicom("110137", "User Security Attributes Changed"),
  authorizationByRole: {
    system: "https://profiles.ihe.net/ITI/BALP/CodeSystem/AuthZsubType",
    code: "AuthZ-Role",
    display: "Authorization Decision using only Roles",
  },
  disclose: lifecycle("disclose", "Disclose Record Lifecycle Event"),
  destroy: lifecycle("destroy", "Destroy/Delete Record Lifecycle Event"),

  sourceRole: dicom("110153", "Source Role ID"),
  destinationRole: dicom("110152", "Destination Role ID"),
  application: dicom("110150", "Application"),
  author: participation("AUT", "author (originator)"),
  recipient: participation("IRCP", "information recipient"),
  human: {
    system: "http://terminology.hl7.org/CodeSystem/extra-security-role-type",
    code: "humanuser",
    display: "human user",
  },
  custodian: {
    system: "http://snomed.info/sct",
    code: "159541003",
    display: "Record keeping/library clerk",
  },

  person: entityType("1", "Person"),
  systemObject: entityType("2", "System Object"),
  other: entityType("4", "Other"),
  request: {
    system: "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType",
    code: "XrequestId",
    display: "transport specific unique identifier where http X-Request-Id is used",
  },
  patient: objectRole("1", "Patient"),
  domainResource: objectRole("4", "Domain Resource"),

  applicationServer: {
    system: "http://terminology.hl7.org/CodeSystem/security-source-type",
    code: "4",
    display: "Application Server",
  },
  breakGlass: actReason("BTG", "break the glass"),
  emergency: actReason("ETREAT", "Emergency Treatment"),
  patientRequest: actReason("PATRQT", "patient requested"),
} as const satisfies Record<string, Coding>;
