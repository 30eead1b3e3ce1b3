package dev.featuremap.job.cluster;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.factories.ReflectionSerializerFactory;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;

/**
 * Carries records, which Kryo 4 does not know: their components in order, then the canonical
 * constructor.
 *
 * <p>A record that travels says {@code @DefaultSerializer(RecordSerializer.class)}. Kryo then finds
 * the way by itself, in an application of Spark ML too, which need not register our classes.
 */
public final class RecordSerializer extends Serializer<Record> {
  private final Constructor<? extends Record> constructor;
  private final Class<?>[] types;
  private final Method[] accessors;

  /** Filled as records come. */
  private final Serializer<?>[] serializers;

  /** Kryo makes one for each class of records. */
  public RecordSerializer(Kryo kryo, Class<? extends Record> type) throws NoSuchMethodException {
    RecordComponent[] components = type.getRecordComponents();
    types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    accessors = Arrays.stream(components).map(RecordComponent::getAccessor).toArray(Method[]::new);
    serializers = new Serializer<?>[types.length];
    constructor = type.getDeclaredConstructor(types);
    constructor.setAccessible(true);
    Arrays.stream(accessors).forEach(accessor -> accessor.setAccessible(true));
  }

  @Override
  public void write(Kryo kryo, Output output, Record record) {
    try {
      for (int k = 0; k < types.length; k++) {
        Object value = accessors[k].invoke(record);
        if (types[k].isPrimitive()) {
          kryo.writeObject(output, value, serializer(kryo, k));
        } else if (kryo.isFinal(types[k])) {
          kryo.writeObjectOrNull(output, value, serializer(kryo, k));
        } else {
          kryo.writeClassAndObject(output, value);
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new KryoException(e);
    }
  }

  @Override
  public Record read(Kryo kryo, Input input, Class<Record> type) {
    Object[] values = new Object[types.length];
    for (int k = 0; k < types.length; k++) {
      if (types[k].isPrimitive()) {
        values[k] = kryo.readObject(input, types[k], serializer(kryo, k));
      } else if (kryo.isFinal(types[k])) {
        values[k] = kryo.readObjectOrNull(input, types[k], serializer(kryo, k));
      } else {
        values[k] = kryo.readClassAndObject(input);
      }
    }
    try {
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new KryoException(e);
    }
  }

  /** A record within a record need not say that it travels. */
  private Serializer<?> serializer(Kryo kryo, int k) {
    if (serializers[k] == null) {
      serializers[k] =
          types[k].isRecord()
              ? ReflectionSerializerFactory.makeSerializer(kryo, RecordSerializer.class, types[k])
              : kryo.getSerializer(types[k]);
    }
    return serializers[k];
  }
}
