package dev.freshwire.clients.supabase;

import dev.freshwire.bridge.Enforcer;
import java.lang.reflect.Method;
import java.net.URI;

/**
 * Puts the library's own stores in memory where it would have chosen the preferences of the user by
 * default. What the application chose stays, and so does everything else: the session goes on being
 * refreshed, and what an earlier run left behind is neither read nor deleted.
 *
 * <p>By reflection, since the package has another name in 2.x.
 */
public final class AuthStorage {
  private AuthStorage() {}

  /**
   * Chooses for the configuration of one Auth plugin.
   *
   * @param client a {@code SupabaseClient}
   * @param config an {@code AuthConfig}
   */
  public static void keepInMemory(Object client, Object config)
      throws ReflectiveOperationException {
    ClassLoader loader = config.getClass().getClassLoader();
    Class<?> clientType = Class.forName("io.github.jan.supabase.SupabaseClient", false, loader);
    URI url = URI.create(String.valueOf(clientType.getMethod("getSupabaseHttpUrl").invoke(client)));
    int port = url.getPort() > 0 ? url.getPort() : "http".equals(url.getScheme()) ? 80 : 443;
    boolean session = isUnset(config, "getSessionManager");
    boolean verifier = isUnset(config, "getCodeVerifierCache");
    if ((!session && !verifier) || Enforcer.mayPersistSession(url.getHost(), port)) {
      return;
    }
    if (session) {
      set(config, "SessionManager", "MemorySessionManager");
    }
    if (verifier) {
      set(config, "CodeVerifierCache", "MemoryCodeVerifierCache");
    }
  }

  private static boolean isUnset(Object config, String getter) throws ReflectiveOperationException {
    return config.getClass().getMethod(getter).invoke(config) == null;
  }

  private static void set(Object config, String property, String store)
      throws ReflectiveOperationException {
    String own = config.getClass().getName();
    String prefix = own.substring(0, own.lastIndexOf('.') + 1);
    ClassLoader loader = config.getClass().getClassLoader();
    Object inMemory = Class.forName(prefix + store, true, loader).getConstructor().newInstance();
    Class<?> type = Class.forName(prefix + property, false, loader);
    Method setter = config.getClass().getMethod("set" + property, type);
    setter.invoke(config, inMemory);
  }
}
