package dev.freshwire.it.driver.apacheasync4;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.OneClient;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpResponseInterceptor;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.impl.nio.client.HttpAsyncClientBuilder;
import org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager;
import org.apache.http.impl.nio.reactor.ChannelEntry;
import org.apache.http.impl.nio.reactor.DefaultConnectingIOReactor;
import org.apache.http.impl.nio.reactor.SessionRequestImpl;
import org.apache.http.nio.NHttpClientConnection;
import org.apache.http.nio.client.methods.HttpAsyncMethods;
import org.apache.http.nio.reactor.ConnectingIOReactor;
import org.apache.http.nio.reactor.IOReactorException;
import org.apache.http.nio.reactor.SessionRequest;
import org.apache.http.nio.reactor.SessionRequestCallback;
import org.apache.http.protocol.BasicHttpContext;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpCoreContext;
import org.jspecify.annotations.Nullable;

/**
 * HttpAsyncClient whose connection is given back while its thread is in the middle of the exchange,
 * as by another thread that cancels, at the moment that the header {@code X-Taken-Away} of the call
 * names.
 */
public final class TakenAwayUnderTest extends OneClient<CloseableHttpAsyncClient, Future<?>> {
  private static final String MOMENT = "test.moment";

  private final PoolingNHttpClientConnectionManager manager = new Pool(reactor());

  /** The next one to be cancelled while its handler is given a connection. */
  private volatile @Nullable CompletableFuture<Future<?>> given;

  /** The next one to be cancelled when its connection is there and not yet known to the client. */
  private volatile @Nullable CompletableFuture<Future<?>> connected;

  private final class Pool extends PoolingNHttpClientConnectionManager {
    Pool(ConnectingIOReactor reactor) {
      super(reactor);
    }

    /** Until 4.1.5 the handler asks for this when it has seen that it was not cancelled. */
    @Override
    public boolean isRouteComplete(NHttpClientConnection connection) {
      CompletableFuture<Future<?>> call = given;
      String caller = new Throwable().getStackTrace()[1].getMethodName();
      if (call != null && caller.equals("connectionAllocated")) {
        given = null;
        call.join().cancel(true);
      }
      return super.isRouteComplete(connection);
    }
  }

  private final class Reactor extends DefaultConnectingIOReactor {
    private volatile @Nullable SessionRequest connecting;

    Reactor() throws IOReactorException {}

    @Override
    public SessionRequest connect(
        SocketAddress remote,
        @Nullable SocketAddress local,
        @Nullable Object attachment,
        @Nullable SessionRequestCallback callback) {
      SessionRequest request = super.connect(remote, local, attachment, callback);
      connecting = request;
      return request;
    }

    /** The pool cancels what it has connecting; httpcore-nio asks for the attachment just then. */
    @Override
    protected void addChannel(ChannelEntry entry) {
      SessionRequest request = connecting;
      CompletableFuture<Future<?>> call = connected;
      if (call == null || !(request instanceof SessionRequestImpl)) {
        super.addChannel(entry);
        return;
      }
      connected = null;
      super.addChannel(
          new ChannelEntry(entry.getChannel(), (SessionRequestImpl) request) {
            @Override
            public Object getAttachment() {
              call.join().cancel(true);
              request.cancel();
              return super.getAttachment();
            }
          });
    }
  }

  private Reactor reactor() {
    try {
      return new Reactor();
    } catch (IOReactorException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected CloseableHttpAsyncClient build(Settings settings) {
    CloseableHttpAsyncClient client =
        HttpAsyncClientBuilder.create()
            .setConnectionManager(manager)
            .addInterceptorLast(
                (HttpResponseInterceptor) (response, context) -> takeAway("answered", context))
            .setConnectionReuseStrategy(
                (response, context) -> {
                  takeAway("kept", context);
                  return true;
                })
            .build();
    client.start();
    return client;
  }

  private void takeAway(String moment, HttpContext context) {
    Object connection = context.getAttribute(HttpCoreContext.HTTP_CONNECTION);
    if (!moment.equals(context.getAttribute(MOMENT))
        || !(connection instanceof NHttpClientConnection)) {
      return;
    }
    NHttpClientConnection taken = (NHttpClientConnection) connection;
    try {
      taken.shutdown();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    manager.releaseConnection(taken, null, 0, TimeUnit.MILLISECONDS);
  }

  /** Hears of the connection when the request is about to be written to it. */
  private final class ListeningContext extends BasicHttpContext {
    @Override
    public void setAttribute(String name, Object value) {
      super.setAttribute(name, value);
      if (name.equals(HttpCoreContext.HTTP_CONNECTION)) {
        takeAway("written", this);
      }
    }
  }

  @Override
  public Reply call(Call call) throws Exception {
    RequestBuilder builder = RequestBuilder.create(call.method()).setUri(call.url());
    call.headers().forEach(builder::setHeader);
    if (call.hasBody()) {
      builder.setEntity(new ByteArrayEntity(new byte[call.bodySize()]));
    }
    HttpUriRequest request = builder.build();
    ListeningContext context = new ListeningContext();
    context.setAttribute(MOMENT, call.headers().getOrDefault("X-Taken-Away", ""));
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    CompletableFuture<Future<?>> cancelled = new CompletableFuture<>();
    Object moment = context.getAttribute(MOMENT);
    given = "given".equals(moment) ? cancelled : null;
    connected = "connected".equals(moment) ? cancelled : null;
    Future<Reply> future =
        client()
            .execute(
                HttpAsyncMethods.create(request),
                new ReplyConsumer(call.consume(), reply),
                context,
                new Completing(reply));
    cancelled.complete(future);
    begun(call, future);
    try {
      return reply.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
    } finally {
      ended(call);
    }
  }

  @Override
  protected void cancel(Future<?> call) {
    call.cancel(true);
  }
}
