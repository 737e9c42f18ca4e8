/** One screen in one state, chosen by the address: ?scene=list&theme=dark. To be looked at; never in the app. */
import "../../styles/fonts.css";
import "../../styles/tokens.css";
import "../../styles/base.css";
import { QueryClientProvider } from "@tanstack/react-query";
import { createRoot } from "react-dom/client";
import { App } from "../../app/App";
import { createClient } from "../../state/createClient";
import { HostContext } from "../../host/host";
import { fakeHost, type Script } from "../fakeHost";
import { scenes } from "./scenes";

const query = new URLSearchParams(location.search);

/** The scene with the preferences that the address asks for: ?theme=dark&contrast=more&density=compact. */
function preferring({ first_state: appState, ...script }: Script): Script {
  const chosen = Object.fromEntries(
    ["theme", "contrast", "motion", "density"].flatMap((name) => {
      const value = query.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  if (appState === undefined) return script;
  return {
    ...script,
    first_state: async (...asked) => {
      const state = await appState(...asked);
      return { ...state, preferences: { ...state.preferences, ...chosen } };
    },
  };
}

// For screens before there are any.
const theme = query.get("theme");
if (theme !== null) document.documentElement.dataset.theme = theme;
const text = query.get("text");
if (text !== null) document.documentElement.style.fontSize = `${text}%`;

const scene = scenes[query.get("scene") ?? "list"];
const root = document.getElementById("root");
if (scene === undefined || root === null) {
  document.body.textContent = `Scenes: ${Object.keys(scenes).join(", ")}`;
} else {
  createRoot(root).render(
    <HostContext value={fakeHost(preferring(scene))}>
      <QueryClientProvider client={createClient()}>
        <App />
      </QueryClientProvider>
    </HostContext>,
  );
}
