package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * What stands before Supabase's services: counts the request, checks {@code apikey} and {@code
 * Authorization}, passes WebSocket upgrades on, and hands everything else to its service.
 */
final class SupabaseHandler extends Handler.Wrapper {

  private final Tokens tokens;
  private final Traffic traffic;
  private final Map<String, Service> services;

  SupabaseHandler(Tokens tokens, Traffic traffic, Map<String, Service> services) {
    this.tokens = tokens;
    this.traffic = traffic;
    this.services = services;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    int peerPort = Request.getRemotePort(request);
    Request.addCompletionListener(
        request,
        failure -> {
          // After an upgrade the request is complete, and the connection in use for as long as it
          // is.
          if (response.getStatus() != HttpStatus.SWITCHING_PROTOCOLS_101) {
            traffic.requestAnswered(peerPort);
          }
        });
    Exchange exchange = new Exchange(request, response, callback);
    traffic.requestArrived(exchange.requestId());
    try {
      authorize(exchange);
      if (exchange.path().startsWith("/realtime/v1/websocket")) {
        return super.handle(request, response, callback);
      }
      service(exchange.path()).handle(exchange);
    } catch (ApiException e) {
      if (e.status() == 401) {
        traffic.requestRefused();
      }
      exchange.send(e);
    } catch (Exception e) {
      if (exchange.sent()) {
        exchange.fail(e);
      } else {
        exchange.send(ApiException.plain(500, e.toString()));
      }
    }
    return true;
  }

  private Service service(String path) throws ApiException {
    for (Map.Entry<String, Service> service : services.entrySet()) {
      if (path.equals(service.getKey()) || path.startsWith(service.getKey() + "/")) {
        return service.getValue();
      }
    }
    throw ApiException.plain(404, "no Route matched with those values");
  }

  private void authorize(Exchange exchange) throws ApiException {
    // A browser follows these two without headers.
    if (exchange.path().equals("/auth/v1/authorize")
        || exchange.path().startsWith("/storage/v1/object/public/")) {
      return;
    }
    String key = exchange.header("apikey");
    if (key == null) {
      key = exchange.query("apikey");
    }
    if (key == null) {
      throw ApiException.plain(401, "No API key found in request");
    }
    if (!key.equals(SupabaseTwin.ANON_KEY) && !key.equals(SupabaseTwin.SERVICE_KEY)) {
      throw ApiException.plain(401, "Invalid API key");
    }
    // Auth answers for its own tokens, with its own errors.
    if (exchange.header("Authorization") == null || exchange.path().startsWith("/auth/v1/")) {
      return;
    }
    String bearer = exchange.bearer();
    JsonNode claims = bearer == null ? null : tokens.claims(bearer);
    if (claims == null) {
      throw ApiException.rest(401, "PGRST301", "No suitable key was found to decode the JWT");
    }
    if (tokens.expired(claims)) {
      throw ApiException.rest(401, "PGRST303", "JWT expired");
    }
  }
}
