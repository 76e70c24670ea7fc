import { RouterProvider } from "@tanstack/react-router";
import { capturing } from "#pwa/capture/capturing.ts";
import { useSession, useValue } from "#pwa/local/index.ts";
import { ElsewherePage, SetPinPage, UnlockPage } from "#pwa/session/pin.page.tsx";
import { SignInPage } from "#pwa/session/sign-in.page.tsx";
import { lazyPart } from "./lazy-part.tsx";
import { router } from "./router.tsx";

const ExpiredPage = lazyPart(() =>
  import("#pwa/emergency-access/expired.page.tsx").then((module) => module.ExpiredPage),
);
const EmergencyPage = lazyPart(() =>
  import("#pwa/emergency-access/emergency.page.tsx").then((module) => module.EmergencyPage),
);
const CapturePage = lazyPart(() =>
  import("#pwa/capture/capture.page.tsx").then((module) => module.CapturePage),
);
/** Few ever see it, and the clinic answers when they do. */
const WipedPage = lazyPart(() => import("#pwa/session/wiped.page.tsx").then((module) => module.WipedPage));

/** The door, or what is behind it. Locked means that no screen with records is even mounted. */
export function App() {
  const { state } = useSession();
  if (useValue(capturing)) return <CapturePage />;
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
    case "emergency":
      return <EmergencyPage />;
    case "wiped":
      return <WipedPage />;
    case "unlocked":
      return <RouterProvider router={router} />;
  }
}
