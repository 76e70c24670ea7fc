// `npm start`: works with nothing but Node 20 and npm. Installs, builds, then hands over to launch.ts under Node 24.
// This file uses only what old Node versions can read, so that they get a message instead of a syntax error.

const needed = 20;
const found = process.versions.node;

async function main() {
  const { explainStartError, StartError } = await import("./start-errors.mjs");
  try {
    if (Number(found.split(".")[0]) < needed) throw new StartError("node_too_old", { found, needed });
    const { start } = await import("./start-main.mjs");
    process.exitCode = await start(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${explainStartError(error)}\n`);
    process.exitCode = 1;
  }
}

main();
