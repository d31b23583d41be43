package dev.freshwire.clients.apache5;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import org.apache.hc.core5.http.nio.AsyncDataProducer;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/**
 * The bodies that Ktor's engine Apache5 hands over. Each says that it can be read once, as the
 * channel can that it reads; where Ktor made that of an array, it can be made again (Ktor 2.3.12
 * and 3.5.1: the same constructor and fields).
 */
public final class KtorBodies {
  private static final String PRODUCER =
      "io.ktor.client.engine.apache5.ApacheRequestEntityProducer";
  private static final String ARRAY = "io.ktor.http.content.OutgoingContent$ByteArrayContent";

  /** What Ktor's is made of, as its constructor takes it. */
  private static final String[] MADE_OF = {
    "requestData", "coroutineContext", "contentLength", "contentType", "isChunked"
  };

  /** What goes with one reading of it. */
  private static final String[] ONE_READING = {
    "channel", "producerJob", "coroutineContext", "waitingForContent"
  };

  /** HttpClient wraps the application's request producer, and that the body. */
  private static final int WRAPPINGS = 2;

  private KtorBodies() {}

  /** Whether {@code body} leads to one of Ktor's that {@link #renew} can begin again. */
  static boolean canRenew(AsyncEntityProducer body) {
    try {
      Object found = find(body, WRAPPINGS);
      if (found == null || constructor(found) == null) {
        return false;
      }
      for (String name : ONE_READING) {
        field(found, name);
      }
      Object request = field(found, "requestData").get(found);
      return isArray(request.getClass().getMethod("getBody").invoke(request).getClass());
    } catch (ReflectiveOperationException | RuntimeException otherVersion) {
      return false;
    }
  }

  /**
   * Has the body begin again.
   *
   * @throws IllegalStateException where that fails
   */
  static void renew(AsyncEntityProducer body) {
    try {
      Object found = find(body, WRAPPINGS);
      Constructor<?> constructor = found == null ? null : constructor(found);
      if (found == null || constructor == null) {
        throw new NoSuchMethodException(PRODUCER);
      }
      Object[] arguments = new Object[MADE_OF.length];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = field(found, MADE_OF[i]).get(found);
      }
      Object made = constructor.newInstance(arguments);
      for (String name : ONE_READING) {
        field(found, name).set(found, field(made, name).get(made));
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Object find(Object holder, int deep)
      throws ReflectiveOperationException {
    if (holder.getClass().getName().equals(PRODUCER)) {
      return holder;
    }
    for (Field field : holder.getClass().getDeclaredFields()) {
      if (deep > 0 && AsyncDataProducer.class.isAssignableFrom(field.getType())) {
        field.setAccessible(true);
        Object next = field.get(holder);
        Object found = next == null ? null : find(next, deep - 1);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static boolean isArray(Class<?> content) {
    for (Class<?> type = content; type != null; type = type.getSuperclass()) {
      if (type.getName().equals(ARRAY)) {
        return true;
      }
    }
    return false;
  }

  private static @Nullable Constructor<?> constructor(Object producer) {
    Constructor<?>[] all = producer.getClass().getConstructors();
    return all.length == 1 && all[0].getParameterCount() == MADE_OF.length ? all[0] : null;
  }

  private static Field field(Object holder, String name) throws NoSuchFieldException {
    Field field = holder.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }
}
