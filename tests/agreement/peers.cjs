// croner or cron-parser as a filter: JSON lines {"schedule","tz","from","count"} in, arrays of instants or {"error"} out.
//
//   node peers.cjs croner|cron-parser DIRECTORY_OF_NODE_MODULES
const readline = require("readline");
const [which, modules] = process.argv.slice(2);
const text = (date) => date.toISOString().replace(".000Z", "Z");

const answers = {
  "croner"() {
    const { Cron } = require(modules + "/croner");
    return ({ schedule, tz, from, count }) =>
      new Cron(schedule, { timezone: tz, paused: true }).nextRuns(count, new Date(from)).map(text);
  },
  "cron-parser"() {
    const { CronExpressionParser } = require(modules + "/cron-parser");
    return ({ schedule, tz, from, count }) => {
      const expression = CronExpressionParser.parse(schedule, { currentDate: new Date(from), tz });
      return Array.from({ length: count }, () => text(expression.next().toDate()));
    };
  },
};

const answer = answers[which]();
const out = [];
readline
  .createInterface({ input: process.stdin })
  .on("line", (line) => {
    try {
      out.push(JSON.stringify(answer(JSON.parse(line))));
    } catch (error) {
      out.push(JSON.stringify({ error: String(error.message || error) }));
    }
    if (out.length >= 1000) process.stdout.write(out.splice(0).join("\n") + "\n");
  })
  .on("close", () => process.stdout.write(out.map((line) => line + "\n").join("")));
