// Slack's select menus, all of them on the one combobox.

import { valueKey } from "../form.js";
import { plainText } from "../text.js";
import { Combobox, matching } from "./combobox.js";

const isMultiple = (element) => element.type.startsWith("multi_");

/** The kinds of thing a menu may offer: how one becomes an item of the list, and where they come from. */
const KINDS = {
  static: { item: optionItem, groups: (element) => optionGroups(element) },
  external: { item: optionItem },
  users: { item: (id, session) => userItem(session.user(id), id), groups: (_, session) => [{ items: people(session) }] },
  conversations: { item: (id, session) => channelItem(session.channel(id), session, id), groups: (element, session) => conversations(element, session) },
  channels: { item: (id, session) => channelItem(session.channel(id), session, id), groups: (_, session) => [{ items: openChannels(session) }] },
};

function optionItem(option) {
  return {
    key: option.value,
    label: plainText(option.text),
    description: option.description ? plainText(option.description) : undefined,
    value: option,
  };
}

function optionGroups(source) {
  const groups = source.option_groups ?? [{ options: source.options ?? [] }];
  return groups.map((group) => ({ label: group.label && plainText(group.label), items: group.options.map(optionItem) }));
}

function userItem(user, id) {
  return { key: id, label: user?.real_name ?? id, description: user?.title || undefined, search: user?.name, value: id };
}

function people(session) {
  const shown = session.users.filter((user) => !user.deleted).sort((a, b) => Number(a.is_bot) - Number(b.is_bot));
  return shown.map((user) => userItem(user, user.id));
}

const channelItem = (channel, session, id) => ({ key: id, label: session.nameOf(channel) || id, value: id });

const openChannels = (session) =>
  session.channels.filter((channel) => !channel.is_im).map((channel) => channelItem(channel, session, channel.id));

function conversations(element, session) {
  const wanted = element.filter?.include ?? ["public", "private", "im"];
  const fits = (channel) => {
    if (channel.is_im) return wanted.includes("im") && !(element.filter?.exclude_bot_users && session.appOfChannel(channel));
    return wanted.includes(channel.is_private ? "private" : "public");
  };
  return [{ items: session.channels.filter(fits).map((channel) => channelItem(channel, session, channel.id)) }];
}

/** A menu for `element`; `field` says how it is named and what happens on a change. */
export function select(element, field) {
  const kind = KINDS[/(static|external|users|conversations|channels)/.exec(element.type)[1]];
  const { session, t } = field;
  const multiple = isMultiple(element);
  const values = multiple ? field.value : [field.value].filter((value) => value !== null);
  const combobox = new Combobox({
    t,
    multiple,
    attributes: field.attributes(element.placeholder),
    placeholder: element.placeholder ? plainText(element.placeholder) : t("chooseOption"),
    max: element.max_selected_items,
    clearable: field.clearable,
    selected: values.map((value) => kind.item(value, session)),
    load: (query) => (kind.groups ? matching(kind.groups(element, session), query) : suggestions(element, field, query)),
    onChange: (items) => field.change(multiple ? items.map((item) => item.value) : (items[0]?.value ?? null)),
  });
  return combobox.node;
}

async function suggestions(element, field, query) {
  if (query.length < (element.min_query_length ?? 3)) return [];
  return optionGroups(await field.suggest(query));
}

/** What a block action says was chosen: Slack's key for this kind of element. */
export const chosen = (element, value) => ({ [valueKey(element)]: value });
