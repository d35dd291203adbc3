import { html, type Html } from './html.ts';
import { pageFrame } from './page-frame.ts';

const TOKEN = 'wardwatch tokens add NAME --data-dir DIRECTORY > token';
const LINK = 'wardwatch page-link --url ADDRESS --token-file token';

/** For a person without a session: what is wrong, and how to get one. */
export function renderNoToken(): Html {
  return pageFrame(
    '',
    html`
      <header><h1>Wardwatch</h1></header>
      <main>
        <h2>401 · Cần liên kết mới</h2>
        <p>
          Mỗi liên kết chỉ mở được một lần, trong vòng mười phút; sau đó trình duyệt này được vào trong 30 ngày.
          Trên máy chủ trung tâm, lệnh này tạo một mã truy cập: <code>${TOKEN}</code>, và lệnh này in ra một liên
          kết: <code>${LINK}</code>
        </p>
        <div lang="en">
          <h2>401 · A new link is needed</h2>
          <p>
            A link opens this page once, within ten minutes; afterwards this browser may enter for 30 days. On
            central's machine, this makes a token: <code>${TOKEN}</code>, and this prints a link:
            <code>${LINK}</code>
          </p>
        </div>
      </main>
    `,
  );
}
