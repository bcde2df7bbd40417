import { openSession } from "../../src/store/session.ts";

const [cacheDir = ""] = process.argv.slice(2);
console.log("beginning");
const session = openSession(cacheDir, Date.now);
console.log(session.ok ? "begun" : "failed");
if (session.ok) session.value.close();
