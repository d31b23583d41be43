package dev.freshwire.it.driver;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;

/** An interface of the library as an application implements it around what the library has. */
public final class PassedOn implements InvocationHandler {
  private final Object library;

  private PassedOn(Object library) {
    this.library = library;
  }

  /** An object of the application's own that passes everything on. */
  public static <T> T to(T library, Class<T> type) {
    Object own =
        Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, new PassedOn(library));
    return type.cast(own);
  }

  @Override
  public @Nullable Object invoke(Object own, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(library, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }
}
