import { isTeamEvent, type OrderEvent } from '../../shared/contracts/event.ts';
import type { Status } from '../../shared/contracts/status.ts';
import { shopWords } from '../locales/shop.ts';
import { STATUS_WORDS } from '../locales/status.ts';
import { formatTime, type ShopFormat } from './format.ts';

/** The way of an order as its shopper sees it. A cancelled one leaves it where it was. */
const STEPS = ['en_attente', 'en_cours', 'terminee', 'annulee'] as const satisfies readonly Status[];

type StepState = 'done' | 'current' | 'todo' | 'skipped';

/** An order's status on the shopper's page: where it stands, and when it got to each step. */
export interface ShopperStatusProps {
  status: Status;
  version: number;
  /** When each step was reached, as far as it was. */
  reachedAt: Partial<Record<Status, string>>;
  format: ShopFormat;
}

export function ShopperStatus({ status, version, reachedAt, format }: ShopperStatusProps) {
  const words = shopWords(format.locale).order;
  return (
    <div id="order-status">
      <input type="hidden" id="order-version" name="version" value={String(version)} />
      <div id="order-now" class="order-now">
        <StatusNow status={status} format={format} />
      </div>
      <ol class="steps" aria-label={words.steps}>
        {STEPS.map((step) => {
          const state = stepState(step, status, reachedAt.en_cours !== undefined);
          return (
            <li class={`step ${step}`}>
              <StepMark step={step} state={state} format={format} />
              <span class="step-name">{STATUS_WORDS[format.locale][step].word}</span>
              <span id={`step-${step}-time`} class="step-time">
                {isReached(state) && reachedAt[step] && <StepTime at={reachedAt[step]} format={format} />}
              </span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}

/**
 * Brings an open page of a shopper to where an event took the order, on one line.
 *
 * Only what the event knows is swapped: the times of earlier steps stay as the page has them. It names no admin
 * and holds nothing that anybody typed.
 */
export function renderShopperUpdate(event: OrderEvent, format: ShopFormat): string {
  const { status, version } = event.order;
  const words = shopWords(format.locale).order;
  if (event.type === 'order.erased') return renderErasure(version);
  // The team's own business. Only the version moves, so that the page's poll finds nothing new.
  if (isTeamEvent(event.type)) return renderVersion(version);
  const undone = event.type === 'order.status_undone' ? event.previousStatus : null;
  const wasInProgress =
    status === 'en_cours' || status === 'terminee' || (!undone && event.previousStatus === 'en_cours');
  const update = (
    <>
      <hx-partial hx-target="#order-version" hx-swap="outerHTML">
        <input type="hidden" id="order-version" name="version" value={String(version)} />
      </hx-partial>
      <hx-partial hx-target="#order-now" hx-swap="innerHTML">
        <StatusNow status={status} format={format} />
      </hx-partial>
      {STEPS.map((step) => (
        <hx-partial hx-target={`#step-${step}-mark`} hx-swap="outerHTML">
          <StepMark step={step} state={stepState(step, status, wasInProgress)} format={format} />
        </hx-partial>
      ))}
      {/* After a change was undone, a step that was reached is not. */}
      {STEPS.filter((step) => !isReached(stepState(step, status, wasInProgress))).map((step) => (
        <hx-partial hx-target={`#step-${step}-time`} hx-swap="innerHTML" />
      ))}
      {/* The step before it has its time already. */}
      {!undone && (
        <hx-partial hx-target={`#step-${status}-time`} hx-swap="innerHTML">
          <StepTime at={event.at} format={format} />
        </hx-partial>
      )}
      <hx-partial hx-target="#announce" hx-swap="innerHTML">
        <span>{words.announce(STATUS_WORDS[format.locale][status].word)}</span>
      </hx-partial>
    </>
  );
  return update.toString();
}

function renderVersion(version: number): string {
  return (
    <hx-partial hx-target="#order-version" hx-swap="outerHTML">
      <input type="hidden" id="order-version" name="version" value={String(version)} />
    </hx-partial>
  ).toString();
}

/** The order stands where it stood; only the name goes. */
function renderErasure(version: number): string {
  const update = (
    <>
      <hx-partial hx-target="#order-version" hx-swap="outerHTML">
        <input type="hidden" id="order-version" name="version" value={String(version)} />
      </hx-partial>
      <hx-partial hx-target="#order-person" hx-swap="innerHTML" />
    </>
  );
  return update.toString();
}

function StatusNow({ status, format }: { status: Status; format: ShopFormat }) {
  const { sign, word } = STATUS_WORDS[format.locale][status];
  return (
    <>
      <input type="hidden" name="status" value={status} />
      <p>
        <span class={`badge ${status}`}>
          <span aria-hidden="true">{sign}</span> {word}
        </span>
      </p>
      <p class="order-sentence">{shopWords(format.locale).order.sentences[status]}</p>
    </>
  );
}

function StepMark({ step, state, format }: { step: Status; state: StepState; format: ShopFormat }) {
  const words = shopWords(format.locale).order;
  return (
    <span id={`step-${step}-mark`} class="step-mark" data-state={state}>
      {state !== 'skipped' && <span class="visually-hidden">{words[state]} </span>}
    </span>
  );
}

function StepTime({ at, format }: { at: string; format: ShopFormat }) {
  return <time datetime={at}>{formatTime(format, at, 'full')}</time>;
}

const isReached = (state: StepState) => state === 'done' || state === 'current';

/** A step that this order will not see any more, or never, is left out of its page. */
function stepState(step: Status, status: Status, wasInProgress: boolean): StepState {
  if (step === status) return 'current';
  if (step === 'en_attente') return 'done';
  if (step === 'en_cours') return wasInProgress ? 'done' : status === 'annulee' ? 'skipped' : 'todo';
  if (step === 'terminee') return status === 'annulee' ? 'skipped' : 'todo';
  return 'skipped';
}
