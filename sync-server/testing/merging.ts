import type { Approval, ApprovalPayload, MergeDifference } from "#domain/approval/index.ts";
import { trialPassword } from "../practice/trial/trial-people.ts";
import type { TestPractice, TestSession } from "./test-practice.ts";

type Answered = Approval & { code?: string; detail?: unknown };

/** Asks for, decides on and carries out what joins or parts two records, through the routes that screens use. */
export function merging(practice: TestPractice) {
  const ask = (who: TestSession, kind: "merge" | "unmerge", mergedId: string, keptId: string) =>
    practice.request<Answered>(who, "POST", "/api/approvals", {
      payload: { kind: `patient.${kind}`, mergedId, keptId } satisfies ApprovalPayload,
      reason: "the same person twice",
    });
  const decide = (who: TestSession, { id, digest }: Approval, change: Record<string, unknown> = {}) =>
    practice.request<Answered>(who, "POST", `/api/approvals/${id}/decision`, {
      decision: "approve",
      digest,
      password: trialPassword,
      ...change,
    });
  const withdraw = (who: TestSession, { id }: Approval) =>
    practice.request<Answered>(who, "POST", `/api/approvals/${id}/decision`, { decision: "withdraw" });
  const execute = (who: TestSession, { id }: Approval) =>
    practice.request<{ approval: Approval; code?: string }>(who, "POST", `/api/approvals/${id}/execute`, {
      password: trialPassword,
    });
  /** The digest is told to whoever decides, not to the one who asked. */
  const seenBy = async (who: TestSession, { id }: Approval): Promise<Approval | undefined> => {
    const { body } = await practice.request<{ approvals: Approval[] }>(who, "GET", "/api/approvals");
    return body.approvals.find((one) => one.id === id);
  };
  return {
    ask,
    decide,
    withdraw,
    execute,
    seenBy,
    /** The whole way, each step of which must succeed. @returns the difference as it was carried out */
    async done(
      asker: TestSession,
      approver: TestSession,
      kind: "merge" | "unmerge",
      mergedId: string,
      keptId: string,
    ): Promise<MergeDifference> {
      const { body: asked } = await ask(asker, kind, mergedId, keptId);
      const { body: decided } = await decide(approver, asked);
      const { body } = await execute(asker, asked);
      if (body.approval?.status !== "executed")
        throw new Error(`${kind}: ${JSON.stringify([asked.code, decided.code, body.code])}`);
      return body.approval.difference.records!;
    },
  };
}
