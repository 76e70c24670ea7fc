import { useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import type { placesOf } from "./places.ts";

interface GoToProps {
  readonly to: ReturnType<typeof placesOf>[number]["to"];
}

/**
 * Leads on to where a role's work begins, once. The router's own component does so again whenever it is drawn, and would
 * take somebody back who has tapped another place meanwhile.
 */
export function GoTo({ to }: GoToProps) {
  const navigate = useNavigate();
  useEffect(() => {
    void navigate({ to, replace: true });
  }, [navigate, to]);
  return null;
}
