/** Vite's address of a bundled worker or worklet. */
declare module "*?worker&url" {
  const url: string;
  // biome-ignore lint/style/noDefaultExport: the shape of Vite's virtual module
  export default url;
}

/** Version of the application, from package.json, put in by the build. */
declare const __JAMEMR_VERSION__: string;
