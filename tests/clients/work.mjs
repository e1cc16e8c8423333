// Drives the published worker package against the service: what to do with a task stands in its variable `what`.
import { BasicAuthInterceptor, Client, Variables } from "camunda-external-task-client-js";

const [baseUrl, username, password, expected] = process.argv.slice(2);
const done = { complete: 0, failure: 0, bpmnError: 0, errors: [] };

const client = new Client({
  baseUrl,
  workerId: "js1",
  maxTasks: 10,
  asyncResponseTimeout: 2000,
  interval: 20,
  sorting: [{ sortBy: "createTime", sortOrder: "asc" }],
  interceptors: new BasicAuthInterceptor({ username, password }),
});
for (const event of ["poll:error", "complete:error", "handleFailure:error", "handleBpmnError:error"]) {
  client.on(event, (...told) => done.errors.push(`${event} ${told.map(String).join(" ")}`));
}

async function finish() {
  if (done.complete + done.bpmnError + done.failure === Number(expected)) {
    client.stop();
    console.log(JSON.stringify(done));
    setTimeout(() => process.exit(0), 50);
  }
}

client.subscribe("archive", { lockDuration: 60000, includeExtensionProperties: true }, async ({ task, taskService }) => {
  const what = task.variables.get("what");
  const back = new Variables().set("number", 7).set("folder", { shelf: [1] }).set("nothing", null);
  back.setTyped("day", { type: "date", value: new Date(0), valueInfo: {} });
  if (what === "failure") {
    const retries = task.retries === null ? 2 : task.retries - 1;
    await taskService.handleFailure(task, { errorMessage: "boom", errorDetails: "stack", retries, retryTimeout: 0 });
    if (retries === 0) done.failure += 1;
  } else if (what === "bpmnError") {
    await taskService.handleBpmnError(task, "e1", "no such folder", back);
    done.bpmnError += 1;
  } else {
    await taskService.extendLock(task, 120000);
    await taskService.complete(task, back, new Variables().set("own", true));
    done.complete += 1;
  }
  await finish();
});
