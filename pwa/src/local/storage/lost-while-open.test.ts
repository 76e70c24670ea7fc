import { expect, test } from "vitest";
import { FakeClinic } from "../testing/fake-clinic.ts";
import { registration } from "../testing/people.ts";
import { signInFresh, startTablet, until } from "../testing/tablet.ts";

test("nothing is called saved in a store that the browser threw away while the page was open", async () => {
  const clinic = new FakeClinic();
  const tablet = await startTablet(clinic);
  const { local, database, name } = tablet;
  await signInFresh(tablet);
  await local.mutate("patient.register", registration("Sent"));
  await local.syncNow();
  await until(local.outbox, (items) => items.length === 0);

  database.close({ disableAutoOpen: false });
  await new Promise<void>((resolve, reject) => {
    const request = indexedDB.deleteDatabase(name);
    request.onsuccess = () => resolve();
    request.onerror = () => reject(request.error);
  });
  for (const _ of [1, 2])
    await expect(local.mutate("patient.register", registration("Lost"))).rejects.toMatchObject({
      code: "not_saved",
    });
  await local.syncNow();
  expect(local.outbox.get()).toEqual([]);
  const [client] = clinic.clients.values();
  expect(client).toMatchObject({ lastN: 1 });
  expect(client?.forked).toBeFalsy();
  await local.close();
});

test("an interrupted connection to the same store is only opened again", async () => {
  const clinic = new FakeClinic();
  const tablet = await startTablet(clinic);
  await signInFresh(tablet);
  tablet.database.close({ disableAutoOpen: false });
  await tablet.local.mutate("patient.register", registration("Saved"));
  await tablet.local.syncNow();
  await until(tablet.local.outbox, (items) => items.length === 0);
  await tablet.local.close();
});
