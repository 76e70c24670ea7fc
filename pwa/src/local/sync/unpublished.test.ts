import { expect, test } from "vitest";
import { Unpublished } from "./unpublished.ts";

const put = (id: string, version: number, kid = "k1") => ({
  collection: "note",
  id,
  version,
  seq: version,
  kid,
  data: {},
});
const remove = (id: string, kid = "k1") => ({ collection: "note", id, kid });

test("of a row that came, went and came again over several pages, the last word counts", () => {
  const waiting = new Unpublished();
  waiting.add({ puts: [put("back", 1), put("gone", 1), put("changed", 1)], removes: [] }, [1]);
  waiting.add({ puts: [put("changed", 2)], removes: [remove("back"), remove("gone")] }, [2]);
  waiting.add({ puts: [put("back", 3)], removes: [] }, []);
  expect(waiting.rows()).toEqual({ puts: [put("back", 3), put("changed", 2)], removes: [remove("gone")] });
  expect(waiting.settled).toEqual([1, 2]);
});

test("the same record in two streams is two rows, and a stream that is gone takes its own", () => {
  const waiting = new Unpublished();
  waiting.add({ puts: [put("moved", 2, "k2")], removes: [remove("moved", "k1")] }, []);
  expect(waiting.rows(new Set(["k2"]))).toEqual({ puts: [put("moved", 2, "k2")], removes: [] });
  waiting.drop(new Set(["k2"]));
  expect(waiting.rows()).toEqual({ puts: [], removes: [remove("moved", "k1")] });
  waiting.clear();
  expect(waiting.rows()).toEqual({ puts: [], removes: [] });
});
