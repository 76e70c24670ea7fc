import * as z from "zod";

/**
 * FHIR R4 AuditEvent (http://hl7.org/fhir/R4/auditevent.html) as far as its structure says it without a terminology server,
 * and the rules of the IHE BALP profiles that a resource claims. Written from the specifications, not from the mapping.
 */
const text = z
  .string()
  .min(1)
  .regex(/^[\s\S]*\S[\s\S]*$/);
const id = z.string().regex(/^[A-Za-z0-9\-.]{1,64}$/);
const uri = z.string().regex(/^[a-z][a-z0-9+.-]*:\S+$/i);
const code = z.string().regex(/^\S+( \S+)*$/);
const instant = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/);
const some = <T extends z.ZodType>(one: T) => z.array(one).min(1);

const extension = z
  .strictObject({
    url: uri,
    valueCode: code.optional(),
    valueBoolean: z.boolean().optional(),
  })
  .refine(({ url: _, ...value }) => Object.keys(value).length === 1, "ext-1: one value");
const coding = z.strictObject({ system: uri, code, display: text.optional() });
const concept = z.strictObject({ coding: some(coding) });
const reference = z
  .strictObject({
    reference: z
      .string()
      .regex(/^[A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64}(\/_history\/[A-Za-z0-9\-.]{1,64})?$/)
      .optional(),
    identifier: z.strictObject({ system: uri, value: text }).optional(),
    display: text.optional(),
  })
  .refine((one) => Object.keys(one).length > 0, "ele-1");

const agent = z.strictObject({
  type: concept.optional(),
  role: some(concept).optional(),
  who: reference.optional(),
  requestor: z.boolean(),
  network: z
    .strictObject({
      extension: some(extension).optional(),
      address: text.optional(),
      type: z.enum(["1", "2", "3", "4", "5"]).optional(),
    })
    .refine((one) => Object.keys(one).length > 0, "ele-1")
    .optional(),
});
const entity = z
  .strictObject({
    what: reference.optional(),
    type: coding.optional(),
    role: coding.optional(),
    name: text.optional(),
    query: z.base64().optional(),
    detail: some(z.strictObject({ type: text, valueString: text })).optional(),
  })
  .refine(
    ({ name, query }) => name === undefined || query === undefined,
    "sev-1: a name or a query, not both",
  );

const structure = z.strictObject({
  resourceType: z.literal("AuditEvent"),
  id,
  meta: z.strictObject({ profile: some(uri) }).optional(),
  type: coding,
  subtype: some(coding).optional(),
  action: z.enum(["C", "R", "U", "D", "E"]).optional(),
  period: z
    .strictObject({ extension: some(extension).optional(), start: instant, end: instant })
    .refine(({ start, end }) => start <= end, "per-1")
    .optional(),
  recorded: instant,
  outcome: z.enum(["0", "4", "8", "12"]).optional(),
  outcomeDesc: text.optional(),
  purposeOfEvent: some(concept).optional(),
  agent: some(agent),
  source: z.strictObject({ site: text.optional(), observer: reference, type: some(coding).optional() }),
  entity: some(entity).optional(),
});
export type R4AuditEvent = z.infer<typeof structure>;

const DCM = "http://dicom.nema.org/resources/ontology/DCM";
const REST = "http://hl7.org/fhir/restful-interaction";
const ENTITY = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const ROLE = "http://terminology.hl7.org/CodeSystem/object-role";
const PARTICIPATION = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const is = (one: z.infer<typeof coding> | undefined, system: string, ...codes: string[]) =>
  one?.system === system && codes.includes(one.code);
const typed = (event: R4AuditEvent, system: string, ...codes: string[]) =>
  event.agent.filter(({ type }) => type?.coding.some((one) => is(one, system, ...codes)));
const entities = (event: R4AuditEvent, type: string) =>
  (event.entity ?? []).filter((one) => is(one.type, ENTITY, type));

/** One patient, as a person in that role. */
function patientFaults(event: R4AuditEvent): string[] {
  const [patient, ...more] = entities(event, "1");
  const fits =
    patient &&
    more.length === 0 &&
    is(patient.role, ROLE, "1") &&
    patient.what?.reference?.startsWith("Patient/");
  return fits ? [] : ["entity[patient] 1..1"];
}

const restful = {
  Create: ["C", ["create"], ["AUT", "INF", "CST"]],
  Read: ["R", ["read", "vread"], ["IRCP"]],
  Update: ["U", ["update", "patch"], ["AUT", "INF", "CST"]],
} as const;

/** Create, Read, Update and their Patient… */
function restfulFaults(event: R4AuditEvent, name: keyof typeof restful, ofPatient: boolean): string[] {
  const [action, interactions, roles] = restful[name];
  // The client asks for what it reads and sends what it writes.
  const [client, server] = action === "R" ? ["110152", "110153"] : ["110153", "110152"];
  const users = typed(event, PARTICIPATION, ...roles);
  const data = entities(event, "2");
  const rules: [string, boolean][] = [
    ["type", is(event.type, "http://terminology.hl7.org/CodeSystem/audit-event-type", "rest")],
    ["subtype", (event.subtype ?? []).filter((one) => is(one, REST, ...interactions)).length === 1],
    ["action", event.action === action],
    ["outcome", event.outcome === "0"],
    ...[client, server].map((role): [string, boolean] => {
      const [one, ...more] = typed(event, DCM, role!);
      return [`agent ${role}`, one?.who !== undefined && one.network !== undefined && more.length === 0];
    }),
    ["agent[user] 0..1", users.length <= 1],
    ["agent[user]", users.every((user) => user.who && user.requestor && !user.network)],
    [
      "entity[data] 1..1",
      data.length === 1 && data[0]!.what !== undefined && is(data[0]!.role, ROLE, "4", "3", "20"),
    ],
    ["no patient in a profile without one", ofPatient || entities(event, "1").length === 0],
  ];
  return [
    ...rules.filter(([, kept]) => !kept).map(([rule]) => rule),
    ...(ofPatient ? patientFaults(event) : []),
  ];
}

function disclosureFaults(event: R4AuditEvent): string[] {
  const [source] = typed(event, DCM, "110153");
  const rules: [string, boolean][] = [
    ["type", is(event.type, DCM, "110106")],
    ["action", event.action === "R"],
    [
      "subtype",
      (event.subtype ?? []).some((one) =>
        is(one, "http://terminology.hl7.org/CodeSystem/iso-21089-lifecycle", "disclose"),
      ),
    ],
    ["outcome", event.outcome !== undefined],
    ["agent[source] 1..1", typed(event, DCM, "110153").length === 1 && source?.network !== undefined],
    ["val-audit-source", JSON.stringify(source?.who) === JSON.stringify(event.source.observer)],
    [
      "agent[recipient] 1..1",
      typed(event, DCM, "110152").filter((one) => one.who && one.network).length === 1,
    ],
    ["entity 2..*", (event.entity ?? []).length >= 2],
  ];
  return [...rules.filter(([, kept]) => !kept).map(([rule]) => rule), ...patientFaults(event)];
}

const PROFILE = "https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.";

function profileFaults(event: R4AuditEvent, profile: string): string[] {
  if (!profile.startsWith(PROFILE)) return [`unknown profile ${profile}`];
  const name = profile.slice(PROFILE.length);
  if (name === "PrivacyDisclosure.Source") return disclosureFaults(event);
  const of = name.replace(/^Patient/, "");
  if (!Object.hasOwn(restful, of)) return [`unknown profile ${profile}`];
  return restfulFaults(event, of as keyof typeof restful, name !== of);
}

/** What is wrong with a resource; nothing when it is a FHIR R4 AuditEvent that keeps the profiles it names. */
export function faultsOf(resource: unknown): string[] {
  const parsed = structure.safeParse(resource);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  return (parsed.data.meta?.profile ?? []).flatMap((profile) =>
    profileFaults(parsed.data, profile).map((rule) => `${profile.slice(PROFILE.length)}: ${rule}`),
  );
}
