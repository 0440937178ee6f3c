import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { readInjectionModel } from '@mcpvault/domain/inspection/injection/injection-model';
import { createInjectionScorer, type InjectionScorer } from '@mcpvault/domain/inspection/injection/injection-scorer';

const modelFile = fileURLToPath(new URL('../../models/injection.model.gz', import.meta.url));
let loaded: InjectionScorer | undefined;

/** The scorer with the model that came with this version. Read when first asked for, a few milliseconds, then shared. */
export function loadInjection(): InjectionScorer {
  loaded ??= createInjectionScorer(readInjectionModel(gunzipSync(readFileSync(modelFile))));
  return loaded;
}
