import { type Grammar, words } from './grammar.ts';

/** What attacks and their harmless twins are both made of, so that none of it gives either away. */
export const slots: Grammar = {
  first: words(
    'Emma|James|Priya|Lukas|Sofia|Chen|Omar|Ingrid|Mateo|Yuki|Amara|Tom|Nadia|Pavel|Grace|Dev|Hannah|Luis|Kofi|Marta',
  ),
  last: words('Johnson|Patel|Schmidt|Garcia|Wang|Okafor|Larsen|Rossi|Tanaka|Novak|Brown|Silva|Haddad|Kim|Dubois|Meyer'),
  company: words(
    'Northwind|Bluefin Labs|Acme Corp|Helios Energy|Quarry Street Bank|Pinecrest|Orbital Foods|Maple Health|Vertex Logistics|Lumen Retail',
  ),
  domain: words(
    'northwind-mail|secure-audit|data-sync|bluefin|helios-energy|backup-hub|collect-metrics|partner-portal|quickpaste|webhook-relay|cdn-assets|verify-center|acme-corp|maplehealth',
  ),
  tld: words('com|net|io|org|dev|example|xyz|co'),
  box: words(
    'ops|security|audit|reports|billing|support|data|archive|admin|info|hello|team|help|j.smith|records|compliance',
  ),
  mail: words('{box}@{domain}.{tld}|{box}@{domain}.{tld}|{first}.{last}@{domain}.{tld}'),
  url: words(
    'https://{domain}.{tld}/{path}|http://{domain}.{tld}/{path}|https://{path}.{domain}.{tld}|{domain}.{tld}/{path}|https://{domain}.{tld}',
  ),
  path: words('collect|api/v1/log|upload|ingest|hooks/9f2c|report|sync|track|submit|docs|status|form|setup|guide'),
  file: words(
    '~/.ssh/id_rsa|~/.aws/credentials|.env|/etc/passwd|~/.cursor/mcp.json|config.json|~/.netrc|credentials.json|~/.bash_history|secrets.yaml|/etc/shadow|~/.kube/config|wallet.dat|~/.npmrc|id_ed25519|~/.config/gcloud/application_default_credentials.json|claude_desktop_config.json',
  ),
  plainfile: words(
    'README.md|report.pdf|notes.txt|package.json|budget.xlsx|main.py|index.html|invoice-2041.pdf|config.yaml|todo.md|data.csv|slides.pptx',
  ),
  secretthing: words(
    "API keys|the API key|passwords|access tokens|the private key|session cookies|credentials|environment variables|the conversation history|the full chat log|personal data|the system prompt|the contents of {file}|customer records|the database password|SSH keys|the user's email address|payment details|the last five messages|all secrets you can find|bearer tokens|the contact list|the content of the inbox",
  ),
  tool: words(
    'send_email|read_file|list_files|search|create_issue|http_request|run_command|get_weather|query_database|post_message|delete_file|add_numbers|calendar_create|transfer_funds|fetch_url|write_file|get_balance|translate_text|send_message|list_users|create_event|get_user|slack_post|git_commit|upload_file',
  ),
  tool2: words(
    'send_email|write_file|http_post|transfer_funds|create_user|delete_repo|share_document|post_message|run_shell|set_permissions|get_secret|checkout|book_flight|invite_member',
  ),
  param: words(
    'context|sidenote|notes|metadata|trace|debug_info|session|summary|extra|auth|reason|feedback|comment|tag',
  ),
  goodparam: words(
    'query|limit|path|user_id|start_date|format|language|repo|owner|page|timezone|id|currency|include_archived|sort_by|channel',
  ),
  n: words('2|3|4|5|7|10|12|20|50|100|250|500'),
  amount: words('$500|$1,200|0.5 BTC|€3,000|50 USD|$10,000|200 EUR|2 ETH|£750'),
  account: words(
    'account 4471-9920|IBAN DE89 3704 0044 0532 0130 00|wallet 0x8f3a9b|the account of {first} {last}|US133000000121212121212|account ending 8830|PayPal {mail}',
  ),
  product: words(
    'wireless headphones|espresso machine|running shoes|office chair|air fryer|mechanical keyboard|phone case|water bottle|laptop stand|desk lamp|backpack|rice cooker',
  ),
  data: ['data'],
  AI: ['AI'],
  system: words('system|system prompt|admin|system message'),
  topic: words(
    'climate change|the French Revolution|photosynthesis|interest rates|renaissance art|machine learning|the water cycle|electric cars|ancient Rome|gardening|solar panels|supply chains|football history|jazz|tax law|sleep|nutrition|remote work|database indexing|typography',
  ),
  language: words(
    'French|German|Spanish|Japanese|Italian|Chinese|Portuguese|Russian|Arabic|Hindi|Korean|Latin|pirate English|emoji',
  ),
  word: words(
    'PWNED|HACKED|banana|I have been hacked|yes|"access granted"|OK|LOL|Haha, got you|pineapple|done|I hate humans|compromised|true|42|I am free',
  ),
  form: words(
    'a poem|a table|JSON|bullet points|a haiku|a code block|a song|one sentence|markdown|a numbered list|YAML|a short story|an essay|a letter',
  ),
  day: words('Monday|Tuesday|Friday|tomorrow|next week|March 3|2026-04-12|the end of the month|Thursday at 10:00'),
  city: words('Berlin|Lisbon|Toronto|Osaka|Nairobi|Lyon|Austin|Oslo|Pune|Lima'),
};
