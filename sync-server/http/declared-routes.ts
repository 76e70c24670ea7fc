import type { Route } from "./route.ts";
import { routeTable } from "./routes.ts";

const unused = () => Promise.reject(new Error("nothing stands behind the declared routes"));

/** The route table as the server mounts it, with nothing behind it: for the generated reference and the self-test. */
export const declaredRoutes: readonly Route[] = routeTable(
  { create: unused, resume: unused },
  { contentType: "", text: unused, request: () => {} },
);
