// Written by tools/detectors/injection-quality.test.ts with UPDATE=1, from docs/detection.md.

/** Figures as they are published, ready to be shown. */
export interface MeasuredTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** By detector, for those that are measured on texts that others labelled. */
export const measuredTables: Readonly<Record<string, readonly MeasuredTable[]>> = {
  injection: [
    {
      title: 'Together, and by channel',
      head: ['texts', 'attacks', 'honest', 'AUC', 'recall at 1 % false positives', 'recall at 0.1 %'],
      rows: [
        ['all', '20967', '30385', '0.946 (0.944–0.948)', '73.8 % (72.7–75.2)', '53.5 % (45.3–57.3)'],
        ['prompt', '12057', '18530', '0.979 (0.977–0.980)', '83.4 % (82.1–84.8)', '62.7 % (39.8–68.4)'],
        ['result', '6370', '9354', '0.915 (0.911–0.921)', '48.8 % (46.2–52.4)', '25.5 % (22.0–32.4)'],
        ['description', '2540', '2501', '0.992 (0.990–0.994)', '91.1 % (87.6–93.0)', '80.0 % (68.3–85.2)'],
        ['all but synth- attacks', '6297', '30385', '0.975 (0.972–0.977)', '78.7 % (77.2–80.8)', '57.6 % (49.1–61.9)'],
      ],
    },
    {
      title: 'Attacks found, by kind',
      head: ['kind', 'texts', 'sources', 'found at 1 %', 'found at 0.1 %'],
      rows: [
        ['direct', '6214', '5', '90.8 % (90.0–91.5)', '74.9 % (73.8–76.0)'],
        ['evasion', '1251', '2', '83.2 % (81.0–85.2)', '56.8 % (54.1–59.6)'],
        ['indirect', '6370', '5', '48.8 % (47.6–50.0)', '25.5 % (24.4–26.6)'],
        ['indirect_bare', '497', '1', '0.2 % (0.0–1.1)', '0.0 % (0.0–0.8)'],
        ['jailbreak', '2062', '7', '67.5 % (65.5–69.5)', '46.4 % (44.3–48.6)'],
        ['multilingual', '1751', '1', '69.8 % (67.7–72.0)', '35.9 % (33.7–38.1)'],
        ['prompt_leak', '779', '3', '96.9 % (95.5–97.9)', '78.8 % (75.8–81.5)'],
        ['tool_poison', '2540', '1', '91.1 % (89.9–92.1)', '80.0 % (78.4–81.5)'],
      ],
    },
    {
      title: 'Honest texts taken for attacks, by kind',
      head: ['kind', 'texts', 'sources', 'taken at 1 %', 'taken at 0.1 %'],
      rows: [
        ['assistant', '1008', '2', '0.0 % (0.0–0.4)', '0.0 % (0.0–0.4)'],
        ['code', '875', '2', '0.5 % (0.2–1.2)', '0.0 % (0.0–0.4)'],
        ['doc', '2416', '13', '2.4 % (1.9–3.1)', '0.3 % (0.2–0.7)'],
        ['email', '941', '1', '0.5 % (0.2–1.2)', '0.0 % (0.0–0.4)'],
        ['instruction', '11714', '12', '0.7 % (0.5–0.8)', '0.1 % (0.1–0.2)'],
        ['roleplay', '1099', '1', '2.4 % (1.6–3.4)', '0.1 % (0.0–0.5)'],
        ['security_doc', '564', '10', '2.5 % (1.5–4.1)', '0.0 % (0.0–0.7)'],
        ['security_request', '749', '1', '0.4 % (0.1–1.2)', '0.0 % (0.0–0.5)'],
        ['tool_args', '790', '1', '1.4 % (0.8–2.5)', '0.0 % (0.0–0.5)'],
        ['tool_desc', '2501', '4', '1.0 % (0.7–1.5)', '0.1 % (0.0–0.3)'],
        ['tool_result', '3550', '4', '0.3 % (0.2–0.6)', '0.0 % (0.0–0.2)'],
        ['trigger_words', '4178', '3', '1.6 % (1.2–2.0)', '0.0 % (0.0–0.1)'],
      ],
    },
  ],
};
