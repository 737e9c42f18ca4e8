import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

/** How large the script of the first screen may be, in bytes. More ends the build: make a part of it, see src/lib/part. */
const MAX_FIRST_CHUNK = 371_500;

function budget(): Plugin {
  return {
    name: "budget",
    // As it is written: the list of what parts need is put in last.
    writeBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === "chunk");
      const needed = new Set(chunks.filter((chunk) => chunk.isEntry).map((chunk) => chunk.fileName));
      for (const name of needed) {
        const chunk = chunks.find((chunk) => chunk.fileName === name);
        for (const imported of chunk?.imports ?? []) needed.add(imported);
      }
      const sizes = chunks
        .filter((chunk) => needed.has(chunk.fileName))
        .map((chunk) => Buffer.byteLength(chunk.code));
      const size = sizes.reduce((sum, next) => sum + next, 0);
      if (size > MAX_FIRST_CHUNK) {
        this.error(`The first screen needs ${size} bytes of script; ${MAX_FIRST_CHUNK} are allowed.`);
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), budget()],
  build: {
    // WebKitGTK 2.50, WKWebView of macOS 14.5 and WebView2 all know light-dark() and :has().
    target: ["safari18", "chrome123"],
    // Everything stays a file of its own origin: the shell's policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: Math.ceil(MAX_FIRST_CHUNK / 1000),
    rolldownOptions: {
      output: {
        // The first script lists the files of all parts: short names keep it small.
        chunkFileNames: "a/[hash].js",
        assetFileNames: "a/[hash][extname]",
        // What the first screen needs is one file. Of the rest, what is wanted together is, and small files are merged:
        // each one more costs a round trip to the shell.
        codeSplitting: {
          groups: [
            { name: "start", tags: ["$initial"] },
            { name: "later", entriesAware: true, entriesAwareMergeThreshold: 30_000 },
          ],
        },
      },
    },
  },
  server: { port: 5173, strictPort: true },
  test: {
    environment: "jsdom",
    setupFiles: ["src/testing/setup.ts"],
    include: ["src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // The app's module graph and jsdom are loaded once per worker, not once per file: that took longer than the tests.
    // What modules remember is reset in setup.ts.
    isolate: false,
    // Vitest leaves one processor idle, which of two is half.
    maxWorkers: "100%",
    // Whole screens in jsdom on a busy machine; nothing waits for this long when it works.
    testTimeout: 120_000,
  },
});
