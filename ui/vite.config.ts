import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [react()],
  build: {
    // WebKitGTK 2.50, WKWebView of macOS 14.5 and WebView2 all know light-dark() and :has().
    target: ["safari18", "chrome123"],
    // Everything stays a file of its own origin: the shell's policy allows no data: URLs.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
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
    testTimeout: 30_000,
  },
});
