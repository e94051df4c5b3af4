import type { Problem } from '../../shared/contracts/problem.ts';
import { HttpProblem } from '../../shared/process/http-problem.ts';
import type { Answer } from '../orders-client.ts';

/**
 * The data of an answer, for routes that can do nothing with a refusal.
 * @throws {HttpProblem} the refusal itself
 */
export function expectData<Data>(answer: Answer<Data>): Data {
  if (answer.ok) return answer.data;
  throw refusal(answer.problem);
}

export function refusal(problem: Problem): HttpProblem {
  return new HttpProblem(problem.status, problem.code, problem.detail ? { detail: problem.detail } : {});
}
