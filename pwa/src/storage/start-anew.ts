import { LocalDatabase } from "#pwa/local/store/database.ts";

/** The store does not open any more: with the person's word it is thrown away, and the page begins as a new tablet. */
export async function startAnew(): Promise<void> {
  const sure = confirm(
    "Work on this tablet that was not sent to the clinic is then lost for good. Patient records come back when you sign in. Ask practice IT first. Start anew?",
  );
  if (!sure) return;
  await new LocalDatabase().delete();
  location.reload();
}
