// Emoji shortcodes: the ones that business messages use. An unknown one stays as it was typed, as in Slack.

const LISTED = `
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|wave 👋|clap 👏|pray 🙏|raised_hands 🙌|raised_hand ✋|handshake 🤝|muscle 💪
point_right 👉|point_left 👈|point_up ☝️|point_down 👇|eyes 👀|smile 😄|smiley 😃|grinning 😀|grin 😁|slightly_smiling_face 🙂|blush 😊
wink 😉|sweat_smile 😅|joy 😂|thinking_face 🤔|cry 😢|disappointed 😞|confused 😕|open_mouth 😮|sleeping 😴|sunglasses 😎
heart ❤️|star ⭐|star2 🌟|sparkles ✨|tada 🎉|fire 🔥|bulb 💡|100 💯|rocket 🚀|gift 🎁|trophy 🏆|crown 👑|dart 🎯
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|negative_squared_cross_mark ❎|no_entry ⛔|no_entry_sign 🚫
warning ⚠️|exclamation ❗|heavy_exclamation_mark ❗|question ❓|grey_question ❔|information_source ℹ️|rotating_light 🚨|sos 🆘
bell 🔔|no_bell 🔕|loudspeaker 📢|mega 📣|speech_balloon 💬|thought_balloon 💭|email 📧|envelope ✉️|incoming_envelope 📨|inbox_tray 📥
outbox_tray 📤|phone ☎️|telephone ☎️|telephone_receiver 📞|iphone 📱|calling 📲|computer 💻|desktop_computer 🖥️|printer 🖨️|camera 📷
camera_with_flash 📸|movie_camera 🎥|tv 📺|microphone 🎤|headphones 🎧|electric_plug 🔌|battery 🔋|key 🔑|lock 🔒|unlock 🔓
mag 🔍|wrench 🔧|hammer 🔨|gear ⚙️|hammer_and_wrench 🛠️|link 🔗|paperclip 📎|pushpin 📌|round_pushpin 📍|triangular_flag_on_post 🚩
calendar 📆|date 📅|spiral_calendar_pad 🗓️|clipboard 📋|memo 📝|pencil 📝|pencil2 ✏️|page_facing_up 📄|page_with_curl 📃|bookmark_tabs 📑
newspaper 📰|notebook 📓|book 📖|books 📚|file_folder 📁|open_file_folder 📂|card_index 📇|chart_with_upwards_trend 📈|bar_chart 📊
briefcase 💼|moneybag 💰|dollar 💵|credit_card 💳|receipt 🧾|bust_in_silhouette 👤|busts_in_silhouette 👥|man 👨|woman 👩|office_worker 🧑‍💼
necktie 👔|office 🏢|hotel 🏨|house 🏠|factory 🏭|school 🏫|bank 🏦|hospital 🏥|department_store 🏬|world_map 🗺️|compass 🧭
airplane ✈️|airplane_departure 🛫|airplane_arriving 🛬|small_airplane 🛩️|helicopter 🚁|train 🚋|train2 🚆|bullettrain_side 🚄|bullettrain_front 🚅
station 🚉|metro 🚇|bus 🚌|minibus 🚐|car 🚗|red_car 🚗|blue_car 🚙|oncoming_automobile 🚘|taxi 🚕|truck 🚚|ship 🚢|bike 🚲|walking 🚶
vertical_traffic_light 🚦|traffic_light 🚥|parking 🅿️|passport_control 🛂|customs 🛃|luggage 🧳|handbag 👜|ticket 🎫|admission_tickets 🎟️|seat 💺|bed 🛏️
fork_and_knife 🍴|knife_fork_plate 🍽️|bento 🍱|rice 🍚|ramen 🍜|chopsticks 🥢|cake 🍰|coffee ☕|tea 🍵|wine_glass 🍷|beer 🍺|champagne 🍾
hot_pepper 🌶️|leafy_green 🥬|fish 🐟|bouquet 💐|rose 🌹|sunny ☀️|cloud ☁️|umbrella ☔|snowflake ❄️|earth_asia 🌏|earth_americas 🌎|earth_africa 🌍
globe_with_meridians 🌐|hourglass ⌛|hourglass_flowing_sand ⏳|stopwatch ⏱️|alarm_clock ⏰|watch ⌚|clock 🕒
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrows_counterclockwise 🔄|repeat 🔁|fast_forward ⏩|leftwards_arrow_with_hook ↩️
red_circle 🔴|large_blue_circle 🔵|large_green_circle 🟢|large_yellow_circle 🟡|large_orange_circle 🟠|white_circle ⚪|black_circle ⚫
large_green_square 🟩|large_yellow_square 🟨|large_red_square 🟥|black_small_square ▪️|small_blue_diamond 🔹|heavy_plus_sign ➕|heavy_minus_sign ➖
new 🆕|ok 🆗|id 🆔|zero 0️⃣|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|keycap_ten 🔟
robot_face 🤖|seedling 🌱|recycle ♻️|placard 🪧|label 🏷️|package 📦|syringe 💉|pill 💊|helmet_with_white_cross ⛑️|construction 🚧|door 🚪
`;

const BY_NAME = new Map(
  LISTED.trim()
    .split(/[|\n]/)
    .map((entry) => entry.trim().split(" ")),
);

function flag(name) {
  const code = /^flag-([a-z]{2})$/.exec(name) ?? /^(cn|es|us|gb|de|fr|it|jp|kr|ru)$/.exec(name);
  if (!code) return null;
  return String.fromCodePoint(...[...code[1]].map((letter) => 0x1f1e6 + letter.charCodeAt(0) - 97));
}

function clockFace(name) {
  const match = /^clock(1[0-2]|[1-9])(30)?$/.exec(name);
  if (!match) return null;
  return String.fromCodePoint((match[2] ? 0x1f55b : 0x1f54f) + Number(match[1]));
}

/** The character of a shortcode without its colons, or null. */
export function emojiFor(name) {
  return BY_NAME.get(name) ?? flag(name) ?? clockFace(name);
}

export const SHORTCODE = /^:([a-z0-9_+'-]+)(?:::skin-tone-[2-6])?:/;

/** Replaces the shortcodes in a plain text. */
export function withEmoji(text) {
  return text.replace(/:([a-z0-9_+'-]+)(?:::skin-tone-[2-6])?:/g, (whole, name) => emojiFor(name) ?? whole);
}
