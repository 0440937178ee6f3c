// What a hub and its workstations say to each other, as data: every request that a workstation makes, with its route, the
// credential it takes, and the shapes of both sides. Hubs answer from this table and workstations ask from it; there is no
// other way between them. Nothing in here does anything, and a hub never connects to a workstation: workstations ask.
import type { z } from 'zod';
import { jobOutcome, jobOutcomeTaken, poll, polled } from './agent-job.ts';
import { enrolled, enrolment, refresh, refreshed } from './enrolment.ts';
import { localPolicies, localPoliciesTaken } from './local-policies.ts';
import { bundleApplied, bundleAppliedTaken, signedBundle } from './policy-bundle.ts';
import { recordBatch, recordsTaken } from './record-batch.ts';
import { reportTaken, scanReport } from './scan-report.ts';
import { nothing } from './words.ts';

/** Grows when a message changes so that the other side of before would misread it. Sent in `linkHeader`. */
export const linkVersion = 1;
export const linkHeader = 'mcpvault-link';
/** Every route lies below this path of the hub. */
export const linkRoot = '/link/v1';

export interface LinkRequest<Asked extends z.ZodType = z.ZodType, Answered extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Below `linkRoot`; `{id}` is a path parameter, and part of `asks`. */
  readonly path: string;
  /**
   * What goes into `authorization: Bearer …`. `enrolling`: the access token of somebody who signed in, or an enrolment key.
   * `workstation`: the access token from enrolling or refreshing. `none`: the body says all.
   */
  readonly credential: 'enrolling' | 'workstation' | 'none';
  /** The JSON body, together with path parameters; empty for GET. */
  readonly asks: Asked;
  readonly answers: Answered;
  /** Bytes that the body may have. */
  readonly largest: number;
}

const kib = 1024;
const mib = 1024 * kib;

function request<Asked extends z.ZodType, Answered extends z.ZodType>(
  draft: LinkRequest<Asked, Answered>,
): LinkRequest<Asked, Answered> {
  return draft;
}

/**
 * Failures come as `application/problem+json` (`detail`, `code`, `fix`). 401: the access token is over, so refresh; when
 * refreshing answers 401, the workstation was revoked or its credential was used twice: enrol again. 409 and 422 will not get
 * better by repeating; 429 and 5xx will, later.
 */
export const link = {
  enrol: request({
    method: 'POST',
    path: '/enrol',
    credential: 'enrolling',
    asks: enrolment,
    answers: enrolled,
    largest: 64 * kib,
  }),
  /** Takes the credential and gives the next one; using one that was replaced ends the workstation’s access. */
  refresh: request({
    method: 'POST',
    path: '/refresh',
    credential: 'none',
    asks: refresh,
    answers: refreshed,
    largest: 4 * kib,
  }),
  /** Says that the workstation is there, and asks for jobs; waits up to `wait` seconds for something to happen. */
  poll: request({
    method: 'POST',
    path: '/poll',
    credential: 'workstation',
    asks: poll,
    answers: polled,
    largest: 64 * kib,
  }),
  /** With `if-none-match` of the last `etag`, it answers 304 while that bundle still holds. */
  bundle: request({
    method: 'GET',
    path: '/bundle',
    credential: 'workstation',
    asks: nothing,
    answers: signedBundle,
    largest: 0,
  }),
  bundleApplied: request({
    method: 'POST',
    path: '/bundle/applied',
    credential: 'workstation',
    asks: bundleApplied,
    answers: bundleAppliedTaken,
    largest: 16 * kib,
  }),
  report: request({
    method: 'POST',
    path: '/reports',
    credential: 'workstation',
    asks: scanReport,
    answers: reportTaken,
    largest: 8 * mib,
  }),
  records: request({
    method: 'POST',
    path: '/records',
    credential: 'workstation',
    asks: recordBatch,
    answers: recordsTaken,
    largest: 16 * mib,
  }),
  jobOutcome: request({
    method: 'POST',
    path: '/jobs/{id}',
    credential: 'workstation',
    asks: jobOutcome,
    answers: jobOutcomeTaken,
    largest: 8 * mib,
  }),
  /** All policies that this workstation has of its own, each time; the hub only shows them. */
  localPolicies: request({
    method: 'PUT',
    path: '/local-policies',
    credential: 'workstation',
    asks: localPolicies,
    answers: localPoliciesTaken,
    largest: mib,
  }),
  /** The workstation goes: its credential ends, what it reported stays. */
  leave: request({
    method: 'POST',
    path: '/leave',
    credential: 'workstation',
    asks: nothing,
    answers: nothing,
    largest: kib,
  }),
} as const;

export type LinkName = keyof typeof link;
/** What a workstation sends. */
export type Asks<Name extends LinkName> = z.input<(typeof link)[Name]['asks']>;
/** What the hub answers. */
export type Answers<Name extends LinkName> = z.output<(typeof link)[Name]['answers']>;
