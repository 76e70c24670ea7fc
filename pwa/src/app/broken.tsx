import { startAnew } from "#pwa/storage/start-anew.ts";

/** The page could not even open its store. Plain markup, because nothing else can be relied on here. */
export function Broken() {
  return (
    <main style={{ maxWidth: "32rem", margin: "4rem auto", padding: "0 1rem", fontFamily: "system-ui" }}>
      <h1>JamEMR cannot open its storage on this tablet</h1>
      <p>
        What was saved is still sealed on the disk. Close other JamEMR tabs, make sure that the browser is not
        in private mode, and load this page again. If that does not help, call your practice IT.
      </p>
      <button
        type="button"
        onClick={() => location.reload()}
        style={{ minHeight: "44px", padding: "0 1.25rem" }}
      >
        Load again
      </button>{" "}
      <button
        type="button"
        onClick={() => void startAnew()}
        style={{ minHeight: "44px", padding: "0 1.25rem" }}
      >
        Start anew…
      </button>
    </main>
  );
}
