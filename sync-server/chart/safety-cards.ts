import { recordsOf, survivorOf } from "#domain/patient/index.ts";
import { safetyCardIdOf } from "#domain/safety-card/index.ts";
import type { EntityManager } from "#server/database/database.ts";
import type { LedgerTransaction } from "#server/database/ledger.ts";
import { lockPeople, mergeLinks } from "#server/patient/index.ts";

/**
 * One statement derives the cards from the facts and stores what differs, so that a card can never say less than the
 * chart. A list that is empty and was never asked about says so (C01). `records` are all records of the person (C07): an
 * entry in one of them outweighs "none known" in another (C02).
 */
const deriveAndStore = `
  with wanted as (select * from jsonb_to_recordset(?::jsonb) as w(card_id uuid, patient_id uuid, records uuid[])),
  listed as (
    select wanted.card_id, p.id as patient_id, p.given_name, p.family_name, p.birth_date, p.sex,
      (select jsonb_agg(jsonb_build_object('substance', a.substance, 'severity', a.severity, 'reactions', a.reactions,
          'reported', a.verification = 'reported') order by a.recorded_at, a.id)
        from allergy a where a.patient_id = any(wanted.records) and a.status = 'active') as allergies,
      (select jsonb_agg(jsonb_build_object('name', m.name, 'dose', m.dose, 'frequency', m.frequency,
          'pending', coalesce((select jsonb_agg(w -> 'change') from jsonb_array_elements(m.pending) w), '[]'))
          order by m.recorded_at, m.id)
        from medication m where m.patient_id = any(wanted.records) and m.status = 'active') as medications,
      (select jsonb_agg(jsonb_build_object('title', d.title, 'code', d.code) order by d.recorded_at, d.id)
        from problem d where d.patient_id = any(wanted.records) and d.status = 'active') as problems,
      coalesce((select jsonb_agg(jsonb_build_object('kind', f.kind, 'text', f.text) order by f.recorded_at, f.id)
        from alert f where f.patient_id = any(wanted.records) and f.active), '[]') as alerts,
      exists (select 1 from care_team t where t.patient_id = any(wanted.records) and t.restricted) as restricted,
      wanted.records
    from patient p join wanted on wanted.patient_id = p.id where p.active),
  stated as (
    select l.*, n.list, jsonb_build_object('state', 'none-known', 'by', n.by, 'at',
        to_char(n.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) as none
    from listed l left join none_known n on n.patient_id = any(l.records) and n.retired_at is null)
  insert into safety_card(id, patient_id, name, birth_date, sex, restricted, alerts, allergies, medications, problems)
  select card_id, patient_id, given_name || ' ' || family_name, birth_date, sex, restricted, alerts,
    case when allergies is not null then jsonb_build_object('state', 'listed', 'entries', allergies)
      else coalesce(max(none::text) filter (where list = 'allergies')::jsonb, '{"state":"not-asked"}') end,
    case when medications is not null then jsonb_build_object('state', 'listed', 'entries', medications)
      else coalesce(max(none::text) filter (where list = 'medications')::jsonb, '{"state":"not-asked"}') end,
    case when problems is not null then jsonb_build_object('state', 'listed', 'entries', problems)
      else coalesce(max(none::text) filter (where list = 'problems')::jsonb, '{"state":"not-asked"}') end
  from stated
  group by card_id, patient_id, given_name, family_name, birth_date, sex, restricted, alerts, allergies, medications,
    problems
  on conflict (id) do update set name = excluded.name, birth_date = excluded.birth_date, sex = excluded.sex,
    allergies = excluded.allergies, medications = excluded.medications, problems = excluded.problems,
    alerts = excluded.alerts, restricted = excluded.restricted, merged = false,
    version = safety_card.version + 1
  where (safety_card.name, safety_card.birth_date, safety_card.sex, safety_card.allergies, safety_card.medications,
      safety_card.problems, safety_card.alerts, safety_card.restricted, safety_card.merged)
    is distinct from (excluded.name, excluded.birth_date, excluded.sex, excluded.allergies, excluded.medications,
      excluded.problems, excluded.alerts, excluded.restricted, false)`;

/**
 * Brings the safety cards of these patients up to date, in the caller's transaction. A merged record's is on no tablet:
 * what it says stands on its survivor's.
 */
export async function refreshSafetyCards(em: EntityManager, patientIds: readonly string[]): Promise<void> {
  const links = await mergeLinks(em);
  // Two who write at once would each derive a card without the other's entry, and the later one would stand.
  await lockPeople(em, links, patientIds);
  const survivors = new Set(patientIds.map((id) => survivorOf(links, id)));
  const wanted = [...survivors].map((id) => ({
    card_id: safetyCardIdOf(id),
    patient_id: id,
    records: recordsOf(links, id),
  }));
  await em.execute(deriveAndStore, [JSON.stringify(wanted)]);
  const merged = patientIds.filter((id) => links.has(id));
  if (merged.length > 0)
    await em.execute(
      "update safety_card set merged = true, version = version + 1 where not merged and patient_id = any(?::uuid[])",
      [`{${merged.join(",")}}`],
    );
}

/** Patients whose cards a transaction brings up to date at its end. */
const waiting = new WeakMap<EntityManager, Set<string>>();

/** Brings a patient's safety card up to date before the transaction is sealed: once, however much of it changed. */
export function refreshSafetyCard({ em, beforeSeal }: LedgerTransaction, patientId: string): void {
  const others = waiting.get(em);
  if (others) {
    others.add(patientId);
    return;
  }
  const patientIds = new Set([patientId]);
  waiting.set(em, patientIds);
  beforeSeal(async () => {
    waiting.delete(em);
    await refreshSafetyCards(em, [...patientIds]);
  });
}
