package dev.freshwire.clients.jdkhttp;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Types of the client that are not public, and their members; a name that is missing fails. */
public final class Reflection {
  private Reflection() {}

  static Object get(Field field, Object of) {
    Object value = value(field, of);
    if (value == null) {
      throw new IllegalStateException(field + " is null");
    }
    return value;
  }

  static @Nullable Object value(Field field, Object of) {
    try {
      return field.get(of);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  static void set(Field field, Object of, Object value) {
    try {
      field.set(of, value);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  static Object call(Method method, @Nullable Object of, Object... arguments) {
    Object result = invoke(method, of, arguments);
    if (result == null) {
      throw new IllegalStateException(method + " returned null");
    }
    return result;
  }

  static @Nullable Object invoke(Method method, @Nullable Object of, Object... arguments) {
    try {
      return method.invoke(of, arguments);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  static Class<?> type(String name) {
    Class<?> type = optionalType(name);
    if (type == null) {
      throw new IllegalStateException("there is no " + name);
    }
    return type;
  }

  static @Nullable Class<?> optionalType(String name) {
    try {
      return Class.forName(
          "jdk.internal.net.http." + name, false, Reflection.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  static Field field(Class<?> owner, String name) {
    Field field = optionalField(owner, name);
    if (field == null) {
      throw new IllegalStateException(owner + " has no " + name);
    }
    return field;
  }

  static @Nullable Field optionalField(Class<?> owner, String name) {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      return null;
    }
  }

  static Constructor<?> constructor(Class<?> owner, Class<?>... parameters) {
    try {
      Constructor<?> constructor = owner.getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  static Method method(Class<?> owner, String name, Class<?>... parameters) {
    Method method = optional(owner, name, parameters);
    if (method == null) {
      throw new IllegalStateException(owner + " has no " + name);
    }
    return method;
  }

  static @Nullable Method optional(Class<?> owner, String name, Class<?>... parameters) {
    try {
      Method method = owner.getDeclaredMethod(name, parameters);
      method.setAccessible(true);
      return method;
    } catch (NoSuchMethodException e) {
      return null;
    }
  }
}
