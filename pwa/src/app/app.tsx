import { RouterProvider } from "@tanstack/react-router";
import { useSession } from "#pwa/local/index.ts";
import { ExpiredPage } from "#pwa/session/expired.page.tsx";
import { ElsewherePage, SetPinPage, UnlockPage } from "#pwa/session/pin.page.tsx";
import { SignInPage } from "#pwa/session/sign-in.page.tsx";
import { router } from "./router.tsx";

/** The door, or what is behind it. Locked means that no screen with records is even mounted. */
export function App() {
  const { state } = useSession();
  switch (state) {
    case "starting":
      return null;
    case "signed-out":
    case "reauth":
      return <SignInPage />;
    case "set-pin":
      return <SetPinPage />;
    case "locked":
      return <UnlockPage />;
    case "elsewhere":
      return <ElsewherePage />;
    case "expired":
      return <ExpiredPage />;
    case "unlocked":
      return <RouterProvider router={router} />;
  }
}
