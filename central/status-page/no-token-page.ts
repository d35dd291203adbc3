import { html, type Html } from './html.ts';
import { pageFrame } from './page-frame.ts';

const COMMAND = 'wardwatch tokens add NAME --data-dir DIRECTORY';

/** For a person without a valid token: what is wrong, and how to get one. */
export function renderNoToken(): Html {
  return pageFrame(
    '',
    html`
      <header><h1>Wardwatch</h1></header>
      <main>
        <h2>401 · Cần mã truy cập hợp lệ</h2>
        <p>
          Hãy mở lại liên kết mà <code>wardwatch start</code> in ra (liên kết cũ hết hiệu lực khi khởi động
          lại), hoặc thêm <code>?token=MÃ</code> vào địa chỉ này. Tạo mã trên máy chủ trung tâm:
          <code>${COMMAND}</code>
        </p>
        <div lang="en">
          <h2>401 · A valid token is needed</h2>
          <p>
            Open the link that <code>wardwatch start</code> prints (an older one ends with a restart), or put
            <code>?token=TOKEN</code> behind this address. On central's machine, this makes a token:
            <code>${COMMAND}</code>
          </p>
        </div>
      </main>
    `,
  );
}
