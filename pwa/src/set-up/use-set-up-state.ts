import { useEffect, useState } from "react";
import { type SetUpState, setUpStateSchema } from "#domain/set-up/index.ts";
import { useSession } from "#pwa/local/index.ts";

/** What the practice says of itself at the door; null until it has answered, and while it does not. */
export function useSetUpState(): SetUpState | null {
  const { actions } = useSession();
  const [state, setState] = useState<SetUpState | null>(null);
  const { askAtDoor } = actions;
  useEffect(() => {
    let shown = true;
    askAtDoor("/api/set-up", setUpStateSchema).then(
      (answer) => shown && setState(answer.state),
      () => {}, // the door says by itself that the clinic does not answer
    );
    return () => {
      shown = false;
    };
  }, [askAtDoor]);
  return state;
}
