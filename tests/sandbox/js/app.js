// A Bolt for JavaScript app in the shape of Slack's getting-started page. What is special about its surroundings
// comes from the environment: the address of Slack's API.
import bolt from "@slack/bolt";

const app = new bolt.App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

const greeting = [
  {
    type: "section",
    text: { type: "mrkdwn", text: "Hey there!" },
    accessory: { type: "button", text: { type: "plain_text", text: "Click Me" }, action_id: "button_click" },
  },
];

const form = {
  type: "modal",
  callback_id: "form",
  title: { type: "plain_text", text: "A form" },
  submit: { type: "plain_text", text: "Send" },
  blocks: [
    {
      type: "input",
      block_id: "name",
      label: { type: "plain_text", text: "Name" },
      element: { type: "plain_text_input", action_id: "typed" },
    },
  ],
};

app.message("hello", async ({ message, say }) => {
  await say({ blocks: greeting, text: `Hey there <@${message.user}>!` });
});

app.action("button_click", async ({ body, ack, say, respond }) => {
  await ack();
  await say(`<@${body.user.id}> clicked the button`);
  await respond({ text: "Pressed", replace_original: true });
});

app.command("/hello", async ({ command, ack, client }) => {
  await ack(`You typed: ${command.text}`);
  await client.views.open({ trigger_id: command.trigger_id, view: form });
});

app.view("form", async ({ ack, view, client, body }) => {
  const name = view.state.values.name.typed.value;
  if (name === "nobody") {
    await ack({ response_action: "errors", errors: { name: "That is nobody's name" } });
    return;
  }
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: `Hello ${name}` });
});

app.event("app_home_opened", async ({ event, client }) => {
  await client.views.publish({ user_id: event.user, view: { type: "home", blocks: greeting } });
});

app.shortcut("hello", async ({ shortcut, ack, client }) => {
  await ack();
  await client.views.open({ trigger_id: shortcut.trigger_id, view: form });
});

await app.start();
