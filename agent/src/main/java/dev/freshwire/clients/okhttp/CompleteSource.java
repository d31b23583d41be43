package dev.freshwire.clients.okhttp;

import java.io.IOException;
import okio.Buffer;
import okio.Source;
import okio.Timeout;

/**
 * An HTTP/2 response body of known length that has come to its end when its bytes have come.
 *
 * <p>OkHttp 3.13 to 5.3 releases the connection as soon as it has read as many bytes as
 * Content-Length says, which is before END_STREAM has to have arrived. A connection that is used
 * once is closed on release, and the read that looks for the end then fails with {@code
 * StreamResetException: CANCEL}, although nothing is missing.
 */
public final class CompleteSource implements Source {
  private final Source body;
  private final long length;
  private long received;

  /**
   * A body that is complete after so many bytes.
   *
   * @param length Content-Length, 0 or more
   */
  public CompleteSource(Source body, long length) {
    this.body = body;
    this.length = length;
  }

  @Override
  public long read(Buffer sink, long byteCount) throws IOException {
    try {
      long read = body.read(sink, byteCount);
      if (read > 0) {
        received += read;
      }
      return read;
    } catch (IOException e) {
      if (received == length) {
        return -1;
      }
      throw e;
    }
  }

  @Override
  public Timeout timeout() {
    return body.timeout();
  }

  @Override
  public void close() throws IOException {
    try {
      body.close();
    } catch (IOException e) {
      if (received != length) {
        throw e;
      }
    }
  }
}
