import "#pwa/local/without-eval.ts";
import { createRoot } from "react-dom/client";
import { startLocal } from "#pwa/local/index.ts";

const root = document.getElementById("root");
if (root) {
  startLocal().then(
    () => createRoot(root).render(<h1>JamEMR</h1>),
    (failure: unknown) => console.error(failure),
  );
}
