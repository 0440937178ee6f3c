// Documentation and reference pages about models, agents, tools, tests and security, as programs return them: full of the
// words of attacks, and addressed to people who build something.
import { type Grammar, lines, words } from './grammar.ts';
import { slots } from './slots.ts';

export const documentationGrammar: Grammar = {
  ...slots,
  part: words(
    'agent|assistant|model|chatbot|guardrail|scanner|detector|probe|evaluator|judge|planner|memory|retriever|router|tool|plugin|server|client|gateway|pipeline|workflow|policy|rail|filter|test suite|attack generator|red team module|proxy|sandbox|prompt template',
  ),
  quality: words(
    'harmful|toxic|unsafe|malicious|biased|off-topic|confidential|injected|adversarial|untrusted|sensitive|hidden|unexpected|long|empty|encoded|multilingual',
  ),
  text: words(
    'prompts|inputs|outputs|instructions|messages|responses|documents|tool calls|tool results|system prompts|user requests|descriptions|arguments|files|web pages',
  ),
  weakness: words(
    'prompt injection|jailbreaks|prompt leakage|data exfiltration|tool poisoning|excessive agency|hallucination|toxicity|role confusion|encoding attacks|indirect injection|privilege escalation|SQL injection|shell injection|typosquatting|cross-site scripting',
  ),
  docline: lines(`
    The {part} checks {quality} {text} before they reach the {part}.
    Use the {part} to find {weakness} in your application.
    By default the {part} ignores {quality} {text}; set \`{goodparam}\` to change this.
    You can override this behaviour by passing your own {part}.
    You must provide an API key in the environment before you run the {part}.
    If the {part} refuses to answer, the attempt counts as passed.
    This {part} tries to make the model ignore its instructions and reports how often it succeeds.
    The attack asks the model to act as a character without restrictions.
    The goal of the attacker is to make the assistant reveal its system prompt or credentials.
    An attacker hides instructions in {text} so that the {part} follows them.
    Such {text} may tell the model to send data to a server of the attacker.
    {weakness} happens when {quality} {text} change what the {part} does.
    To mitigate {weakness}, treat {text} as data and ask the user before you act.
    Never execute {text} that come from untrusted sources.
    The \`{tool}\` tool sends a message to a channel. It requires the scope \`{goodparam}\`.
    Call \`{tool}\` first, then pass its result to \`{tool2}\`.
    Before calling \`{tool}\`, the client should ask the user for confirmation.
    Clients should show the user which tools are called and with which arguments.
    Servers must validate all inputs and should not trust \`{param}\`.
    The assistant must follow the policy and must not promise refunds.
    Write the system prompt so that the assistant knows its role, its rules and its limits.
    Tell the model what to do when it does not know the answer.
    The judge returns 1 if the response follows the instruction and 0 if it refuses.
    Each test case has an input, an expected output and a list of retrieved {text}.
    Set \`threshold\` to {n} to make the metric stricter.
    The score is the share of {text} that the {part} flagged.
    Install the package, then run the {part} against your endpoint.
    Results are written to {plainfile}; open it to see which {text} failed.
    See the section on {weakness} for examples.
    The following example shows a {part} that blocks {quality} {text}.
    This setting is deprecated and will be removed; use \`{goodparam}\` instead.
    Note that the {part} does not see previous messages unless memory is enabled.
    Warning: do not use this {part} in production without review.
    Important: keys are stored in plain text in {file}.
    Delete the old configuration, then restart the {part}.
    The {part} runs commands in a sandbox and never as root.
    When the user asks about {topic}, the {part} answers from the documents.
    define user ask about {topic}
    define bot refuse to respond
    define flow check {quality} {text}
    - {part}: detects {weakness}
    - {part}: turns {quality} {text} into a score
    * \`{tool}\`: {quality} {text} are rejected
    ## {weakness}
    ### Configuration of the {part}
    # {part}
    type: {part}
    prompt: |
    description: checks {text} for {weakness}
    from {domain} import {part}
    \`\`\`python
    \`\`\`
    def test_{param}({part}): assert {part}.run("{topic}") is not None
    export {param} = "{word}"
    severity: high, category: {weakness}
    The package reads environment variables and sends them to a remote host when it is installed.
    This advisory affects versions before {n}.{n}; update to {n}.{n}.{n} or later.
    An attacker who can create {text} may run arbitrary code on the server.
    The install script downloads a binary and executes it, which is typical of malicious packages.
    Reviewers rate whether the {part} follows the user and refuses {quality} requests.
    The role of the attacker model is to rewrite the prompt until the target answers.
    You are given a conversation; decide whether the last response is {quality}.
    Your task is to label {text} as {quality} or safe. Answer with one word.
    Respond with JSON that has the keys score and reason.
    Step {n}: create the file {plainfile} in the folder and write the result into it.
    Please make sure that all {text} are saved before you finish.
    Do not change other files. Do not rename the page.`),
  page: words(
    '{docline}\n{docline}\n{docline}|{docline} {docline} {docline} {docline}|{docline}\n\n{docline}\n\n{docline}\n{docline}\n{docline} {docline}|{docline}|{docline} {docline}|{docline}\n{docline}\n{docline}\n{docline}\n{docline}\n{docline}\n{docline}\n{docline}',
  ),
};
