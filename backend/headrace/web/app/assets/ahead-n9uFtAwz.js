// Runs while the pages' own scripts are still on their way: it fetches what the screen at this address
// wants first. The build puts the screens in, with the names of their files; a file of its own because
// the page's policy runs no script that stands in the page.
((screens) => {
  const { pathname, search } = location;
  const seen = screens.find(({ address }) => new RegExp(address).test(pathname));
  if (!seen) return;
  for (const href of seen.files) {
    const link = document.createElement('link');
    link.crossOrigin = '';
    link.href = href;
    // A style sheet is only fetched: where it stands among the others is the pages' to say.
    if (href.endsWith('.css')) {
      link.rel = 'preload';
      link.as = 'style';
    } else link.rel = 'modulepreload';
    document.head.append(link);
  }
  const { ask } = seen;
  if (!ask || (search && !ask.whateverFollows)) return;
  const [, written] = new RegExp(seen.address).exec(pathname);
  let part;
  try {
    part = written && decodeURIComponent(written);
  } catch {
    return; // The pages say that there is nothing at such an address.
  }
  const variables = JSON.parse(JSON.stringify(ask.variables), (_, value) =>
    typeof value === 'string' && value.startsWith(':') ? part : value,
  );
  let key = '';
  try {
    key = localStorage.getItem('headrace.apiKey') ?? '';
  } catch {
    // A browser that keeps nothing has no key.
  }
  const elsewhere = document.querySelector('meta[name="headrace-api-base"]')?.content;
  const answer = fetch(new URL('/graphql', elsewhere ?? location.origin), {
    method: 'POST',
    headers: {
      Accept: 'application/graphql-response+json,application/json;q=0.9',
      'Content-Type': 'application/json',
      'X-Headrace-Client': 'ui',
      ...(key ? { 'X-API-Key': key } : {}),
    },
    body: JSON.stringify({ operationName: ask.operation, query: ask.query, variables }),
  });
  // The pages ask again where it failed, and tell of it.
  answer.catch(() => {});
  globalThis.headraceAsked = {
    at: performance.now(),
    key,
    operation: ask.operation,
    variables: JSON.stringify(variables),
    answer,
  };
})([{"address":"^/?$","files":["/assets/runs-ByDL6q0K.js","/assets/runs-DG63GuIj.css","/assets/arrow-up-CzSLxfPF.js","/assets/demo-DXggVG_j.js","/assets/NativeSelect-D1YZ5b4e.js","/assets/InputBase-q32QVw89.js","/assets/Input-dxdp5AJj.js","/assets/TextInput-pSN3oUuO.js"],"ask":{"operation":"RunsPage","variables":{"filter":null,"first":50,"after":null},"query":"query RunsPage($filter:RunFilter$first:Int$after:Cursor$last:Int$before:Cursor){runs(filter:$filter first:$first after:$after last:$last before:$before){totalCount totalCountExact nodes{id ...RunSummary __typename}pageInfo{hasNextPage hasPreviousPage startCursor endCursor __typename}__typename}}fragment RunSummary on Run{id status statusReason trigger params createdAt startedAt finishedAt pipeline{id name __typename}version{id number __typename}progress{fraction blocksDone blocksTotal blocksByStatus{status count __typename}__typename}__typename}"}},{"address":"^/runs/?$","files":["/assets/runs-ByDL6q0K.js","/assets/runs-DG63GuIj.css","/assets/arrow-up-CzSLxfPF.js","/assets/demo-DXggVG_j.js","/assets/NativeSelect-D1YZ5b4e.js","/assets/InputBase-q32QVw89.js","/assets/Input-dxdp5AJj.js","/assets/TextInput-pSN3oUuO.js"],"ask":{"operation":"RunsPage","variables":{"filter":null,"first":50,"after":null},"query":"query RunsPage($filter:RunFilter$first:Int$after:Cursor$last:Int$before:Cursor){runs(filter:$filter first:$first after:$after last:$last before:$before){totalCount totalCountExact nodes{id ...RunSummary __typename}pageInfo{hasNextPage hasPreviousPage startCursor endCursor __typename}__typename}}fragment RunSummary on Run{id status statusReason trigger params createdAt startedAt finishedAt pipeline{id name __typename}version{id number __typename}progress{fraction blocksDone blocksTotal blocksByStatus{status count __typename}__typename}__typename}"}},{"address":"^/runs/([^/]+)/?$","files":["/assets/run-BUfYW4MF.js","/assets/run-DZ_0wI_K.css","/assets/graph-C4K4L0wJ.js","/assets/graph-dU62bOAZ.css","/assets/download-BK1Sltdp.js","/assets/arrow-up-CzSLxfPF.js"],"ask":{"operation":"RunSnapshot","variables":{"id":":id"},"whateverFollows":true,"query":"query RunSnapshot($id:ID!){run(id:$id){id cursor ...RunHeader ...StartedBy graph{edges{from to as __typename}__typename}blocks{id name type ...BlockState __typename}__typename}}fragment GraphBlock on BlockRun{id name status statusReason attempt startedAt finishedAt rowsDone rowsTotal partitions{total done __typename}__typename}fragment GanttBlock on BlockRun{id name status readyAt startedAt finishedAt attempts{number status startedAt finishedAt __typename}__typename}fragment FailedBlock on BlockRun{id name status finishedAt error{kind message block retryable detail __typename}__typename}fragment RunHeader on Run{id status statusReason params createdAt startedAt finishedAt pipeline{id name __typename}version{id number __typename}error{kind message block retryable detail __typename}progress{blocksDone blocksTotal blocksByStatus{status count __typename}__typename}__typename}fragment StartedBy on Run{id trigger schedule{id name __typename}parent{id __typename}labels{key value __typename}__typename}fragment BlockState on BlockRun{id ...GraphBlock ...GanttBlock ...FailedBlock __typename}"}},{"address":"^/pipelines/?$","files":["/assets/pipelines--aUOlTbC.js","/assets/pipelines-Bc_Wem07.css","/assets/TextInput-pSN3oUuO.js","/assets/InputBase-q32QVw89.js","/assets/Input-dxdp5AJj.js","/assets/pipelines-CBYfuy7E.js","/assets/download-BK1Sltdp.js"]},{"address":"^/pipelines/new/?$","files":["/assets/editor-C3f4vKsv.js","/assets/editor-DqRHsEVh.css","/assets/start-C2VinVUw.js","/assets/pipelines-CBYfuy7E.js","/assets/download-BK1Sltdp.js","/assets/demo-DXggVG_j.js","/assets/parse-BztgbXIr.js"]},{"address":"^/pipelines/([^/]+)/?$","files":["/assets/pipeline-wle9C5qT.js","/assets/pipeline-xhrl72TE.css","/assets/pipelines-CBYfuy7E.js","/assets/download-BK1Sltdp.js","/assets/Modal-BgL8BzWk.js","/assets/diff-B4CrGhW0.js","/assets/diff-CsCAvsZg.css","/assets/graph-C4K4L0wJ.js","/assets/graph-dU62bOAZ.css"]},{"address":"^/pipelines/([^/]+)/edit/?$","files":["/assets/editor-C3f4vKsv.js","/assets/editor-DqRHsEVh.css","/assets/start-C2VinVUw.js","/assets/pipelines-CBYfuy7E.js","/assets/download-BK1Sltdp.js","/assets/demo-DXggVG_j.js","/assets/parse-BztgbXIr.js"]},{"address":"^/pipelines/([^/]+)/run/?$","files":["/assets/pipeline-wle9C5qT.js","/assets/pipeline-xhrl72TE.css","/assets/pipelines-CBYfuy7E.js","/assets/download-BK1Sltdp.js","/assets/Modal-BgL8BzWk.js","/assets/diff-B4CrGhW0.js","/assets/diff-CsCAvsZg.css","/assets/graph-C4K4L0wJ.js","/assets/graph-dU62bOAZ.css","/assets/start-run-D-BP3DBO.js","/assets/start-C2VinVUw.js","/assets/params-B1rjH4UA.js","/assets/params-DReaDTYG.css","/assets/use-uncontrolled-DwmKESPe.js","/assets/Textarea-B39LuFqc.js","/assets/InputBase-q32QVw89.js","/assets/Input-dxdp5AJj.js","/assets/NativeSelect-D1YZ5b4e.js","/assets/InlineInput-ChLZxs04.js","/assets/InlineInput-CP247RYO.css","/assets/TextInput-pSN3oUuO.js"]},{"address":"^/schedules/?$","files":["/assets/schedules-CseFgxIT.js","/assets/schedules-ojqGzsy4.css","/assets/Modal-BgL8BzWk.js","/assets/TextInput-pSN3oUuO.js","/assets/InputBase-q32QVw89.js","/assets/Input-dxdp5AJj.js"]},{"address":"^/schedules/new/?$","files":["/assets/schedules-CseFgxIT.js","/assets/schedules-ojqGzsy4.css","/assets/Modal-BgL8BzWk.js","/assets/TextInput-pSN3oUuO.js","/assets/InputBase-q32QVw89.js","/assets/Input-dxdp5AJj.js","/assets/schedule-form-BDC_5-lb.js","/assets/schedule-form-CGtscNeB.css","/assets/params-B1rjH4UA.js","/assets/params-DReaDTYG.css","/assets/use-uncontrolled-DwmKESPe.js","/assets/Textarea-B39LuFqc.js","/assets/NativeSelect-D1YZ5b4e.js","/assets/InlineInput-ChLZxs04.js","/assets/InlineInput-CP247RYO.css"]},{"address":"^/schedules/([^/]+)/edit/?$","files":["/assets/schedules-CseFgxIT.js","/assets/schedules-ojqGzsy4.css","/assets/Modal-BgL8BzWk.js","/assets/TextInput-pSN3oUuO.js","/assets/InputBase-q32QVw89.js","/assets/Input-dxdp5AJj.js","/assets/schedule-form-BDC_5-lb.js","/assets/schedule-form-CGtscNeB.css","/assets/params-B1rjH4UA.js","/assets/params-DReaDTYG.css","/assets/use-uncontrolled-DwmKESPe.js","/assets/Textarea-B39LuFqc.js","/assets/NativeSelect-D1YZ5b4e.js","/assets/InlineInput-ChLZxs04.js","/assets/InlineInput-CP247RYO.css"]},{"address":"^/datasets/?$","files":["/assets/datasets-Bh8SEBbT.js","/assets/datasets-BdqcVAaY.css","/assets/download-BK1Sltdp.js","/assets/TextInput-pSN3oUuO.js","/assets/InputBase-q32QVw89.js","/assets/Input-dxdp5AJj.js"]},{"address":"^/triggers/?$","files":["/assets/triggers-C8vl_YPP.js","/assets/triggers-DP48c6w2.css","/assets/Modal-BgL8BzWk.js","/assets/NativeSelect-D1YZ5b4e.js","/assets/InputBase-q32QVw89.js","/assets/Input-dxdp5AJj.js","/assets/TextInput-pSN3oUuO.js"]},{"address":"^/tools/?$","files":["/assets/tools-CrJMf-Ve.js","/assets/tools-_hQJfKPc.css","/assets/TextInput-pSN3oUuO.js","/assets/InputBase-q32QVw89.js","/assets/Input-dxdp5AJj.js"]},{"address":"^/tools/streams/?$","files":["/assets/streams-BmpZUxre.js","/assets/streams-DMA1Hrqd.css","/assets/NativeSelect-D1YZ5b4e.js","/assets/InputBase-q32QVw89.js","/assets/Input-dxdp5AJj.js","/assets/TextInput-pSN3oUuO.js","/assets/Textarea-B39LuFqc.js"]}]);
