import { drawnOnce } from '../drawn-once.ts';
import { liveProofWords } from '../locales/live-proof.ts';

/** What opens behind the badge: why one may believe that nothing is missing, and an order to try it with. */
export const LiveProof = drawnOnce(({ site }) => {
  const words = liveProofWords(site.locale);
  return (
    <section class="table-menu-panel proof-panel" aria-labelledby="proof-title">
      <h2 id="proof-title">{words.title}</h2>
      <dl class="proof-facts with-script">
        <dt>{words.place}</dt>
        <dd>
          <b id="proof-place" /> <span id="proof-checked" class="muted" />
        </dd>
        <dt>{words.since}</dt>
        <dd id="proof-since" />
        <dt>{words.gaps}</dt>
        <dd id="proof-gaps">0</dd>
        <dt>{words.rescued}</dt>
        <dd id="proof-rescued">0</dd>
      </dl>
      <p class="muted small with-script">{words.why}</p>
      <p class="small without-script">{words.withoutScript}</p>
      <form id="trial" class="proof-trial" method="post" action="/admin/trial-orders">
        <button type="submit" class="button small">
          <span aria-hidden="true">🧪</span> {words.tryIt}
        </button>
        <span class="muted small">{words.hint}</span>
      </form>
      <dl id="trial-legs" class="proof-legs" hidden>
        <div>
          <dt>{words.stored}</dt>
          <dd />
        </div>
        <div>
          <dt>{words.carried}</dt>
          <dd />
        </div>
        <div>
          <dt>{words.total}</dt>
          <dd />
        </div>
      </dl>
      <p id="trial-result" class="small" role="status" />
    </section>
  );
});
